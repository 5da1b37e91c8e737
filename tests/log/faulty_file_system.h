// A file system for RocksDB that fails when told, and forgets what was not synced.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace entente::log {

// Keeps, beside the real files, how much of each was synced. Syncs do not reach the disk, which
// makes tests fast: what a power cut would leave is made by ForgetUnsynced. Creating, renaming and
// removing files count as durable at once.
class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  enum class Fault : std::uint8_t {
    kNone,
    kSyncs,       // every sync of a WAL fails; writes go through
    kWrites,      // every write to a WAL fails
    kRuns,        // no run can be taken into the index
    kEverything,  // nothing is written any more, as after a power cut
  };
  enum class Operation : std::uint8_t { kCreate, kAppend, kSync, kSynced, kRename };
  using Observer = std::function<void(Operation, const std::string& path)>;

  FaultyFileSystem();
  const char* Name() const override { return "FaultyFileSystem"; }

  // For LogOptions::env; lives as long as this.
  rocksdb::Env* env() { return env_.get(); }
  void Set(Fault fault) { fault_ = fault; }
  // Called before each operation (kSynced: after a sync), by the thread that does it, which may be
  // one of RocksDB's own at any time. One that is under way ends after this has returned.
  void Observe(Observer observer);
  // Cuts every file to what was synced, or to a length in between that `keep` chooses. Only while
  // no database is open. Everything works again afterwards.
  void ForgetUnsynced(
      const std::function<std::uint64_t(std::uint64_t synced, std::uint64_t size)>& keep = nullptr);

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  class File;
  struct Length {
    std::uint64_t size = 0;
    std::uint64_t synced = 0;
  };
  void Tell(Operation operation, const std::string& path) const;
  rocksdb::IOStatus Check(Operation operation, const std::string& path) const;

  std::atomic<Fault> fault_ = Fault::kNone;
  mutable std::mutex mutex_;
  std::shared_ptr<const Observer> observer_;  // shared with the calls that are under way
  std::map<std::string, Length> lengths_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace entente::log
