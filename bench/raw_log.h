// What the same bytes cost without any of ours: RocksDB, one key per event; and one fdatasync.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace rocksdb {
class DB;
}

namespace entente::bench {

class RawLog {
 public:
  explicit RawLog(const std::filesystem::path& directory);
  ~RawLog();
  // One batch, synced before it returns. Aborts the program on an error.
  void Append(const std::vector<std::string>& bodies);
  // Reads all; returns the bytes.
  std::uint64_t Scan();

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::uint64_t position_ = 0;
};

// Seconds for one write of `bytes` at the end of a file, and its fdatasync; the median of some.
double AppendAndSyncSeconds(const std::filesystem::path& directory, std::size_t bytes);

}  // namespace entente::bench
