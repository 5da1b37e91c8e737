// What the same bytes cost without any of ours: RocksDB, one key per event; one fdatasync.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/race.h"

namespace rocksdb {
class DB;
}

namespace entente::bench {

// Every batch is one write, synced before it returns. Ends the program on an error.
class RawLog final : public Contender {
 public:
  explicit RawLog(const std::filesystem::path& directory);
  ~RawLog() override;
  void Append(const Chunk& chunk) override;
  // Reads all; returns the number of events.
  std::uint64_t Scan();
  // Reads one event; `position` counts from 1.
  void Read(std::uint64_t position);

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::uint64_t position_ = 0;
};

// A file to whose end is written, each write synced by fdatasync before it returns.
class SyncedFile {
 public:
  explicit SyncedFile(const std::filesystem::path& path);
  ~SyncedFile();
  SyncedFile(const SyncedFile&) = delete;
  SyncedFile& operator=(const SyncedFile&) = delete;
  void Append(std::string_view bytes);

 private:
  int file_;
};

// Seconds for one write of `bytes` at the end of a file, and its fdatasync; the median of some.
double AppendAndSyncSeconds(const std::filesystem::path& directory, std::size_t bytes);

}  // namespace entente::bench
