// A RocksDB whose WAL is written by one thread and synced by another, through the failure of
// either.
//
// RocksDB remembers in each file that a write to it failed. To sync such a file is an error that
// Debian's build, which has its assertions, takes for a bug and ends the process
// (WritableFileWriter::AssertFalseAndGetStatusForPrevError, 7.8.3). Looking whether a write has
// failed before a sync is begun is not enough: it may fail right afterwards. So a write that fails
// is held, inside the file system, until no sync is under way; RocksDB hears of it only then.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/status.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace rocksdb {
class DB;
}

namespace entente::log {

class WalGate {
 public:
  // Upon this environment's file system; nullptr: the machine's. Clock and threads are the
  // machine's.
  explicit WalGate(rocksdb::Env* base);
  ~WalGate();
  WalGate(const WalGate&) = delete;
  WalGate& operator=(const WalGate&) = delete;

  // For the database's options. The gate must outlive the database.
  rocksdb::Env* env() const { return env_.get(); }

  // SyncWAL; an IOError once a write has failed. By any thread, also beside a write that is not
  // synced itself: of one that is, RocksDB would wait for the end.
  rocksdb::Status Sync(rocksdb::DB& db);
  // Something that is to reach the WAL was refused: no sync is begun any more, and none is under
  // way when this returns. By the writing thread.
  void OnWriteFailed();

 private:
  class Files;
  class Wal;

  std::mutex mutex_;
  std::condition_variable ended_;
  int syncing_ = 0;
  bool write_failed_ = false;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace entente::log
