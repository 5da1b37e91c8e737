// Commits in RocksDB: one value each, under the first position as a big-endian key.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "log/log_store.h"

namespace rocksdb {
class DB;
class Env;
struct Options;
class Status;
}  // namespace rocksdb

namespace entente::log {

class WalGate;

class RocksStore final : public LogStore {
 public:
  // What to make of a WAL file that is damaged.
  enum class Mode : std::uint8_t {
    kStrict,       // refuse it; an incomplete record at its end is forgiven
    kPointInTime,  // drop everything behind the first damaged record
  };
  struct Options {
    rocksdb::Env* env = nullptr;  // tests pass one that fails; must outlive the store
    Mode mode = Mode::kStrict;
    bool only_look = false;  // change nothing on disk; what there is must exist
  };

  // Opens, or creates unless only looking. STORE_DAMAGED names the WAL file where RocksDB does;
  // STORE_IO. What was recovered from the WAL is in synced files when this returns.
  static Result<std::unique_ptr<RocksStore>> Open(const std::filesystem::path& directory,
                                                  const Options& options);
  ~RocksStore() override;

  Status Write(Position expected_head, std::span<const StoredCommit> commits) override;
  Position head() const override { return head_.load(std::memory_order_acquire); }
  Result<Position> Sync() override;
  Result<std::vector<std::string>> Read(Position from, Position to,
                                        std::uint64_t max_bytes) const override;

  // Removes the commits that begin at `from` or behind, durably. `from` must begin one, or lie
  // behind a gap.
  Status Cut(Position from);

  // Puts commits in the place of those that begin at the same positions, durably and in one piece.
  Status Overwrite(std::span<const StoredCommit> commits);
  // Removes from the disk what the commits that begin at these positions were before they were
  // overwritten.
  Status RemoveOldVersions(std::span<const Position> commits);

 private:
  RocksStore(std::unique_ptr<WalGate> gate, std::unique_ptr<rocksdb::DB> db);
  const std::unique_ptr<WalGate> gate_;
  std::unique_ptr<rocksdb::DB> db_;
  std::atomic<Position> head_{};
};

// What RocksDB reports, as one of ours: corruption is STORE_DAMAGED, the rest STORE_IO. The field
// is the file that the report names, or else the directory.
Error FromRocks(const rocksdb::Status& status, const std::filesystem::path& directory);

}  // namespace entente::log
