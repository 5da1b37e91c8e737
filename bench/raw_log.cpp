#include "bench/raw_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "values/byte_order.h"

namespace entente::bench {
namespace {

void Check(const rocksdb::Status& status) {
  if (status.ok()) return;
  fmt::print(stderr, "raw RocksDB: {}\n", status.ToString());
  std::abort();
}

}  // namespace

RawLog::RawLog(const std::filesystem::path& directory) {
  rocksdb::Options options;  // as the log's own
  options.create_if_missing = true;
  options.write_buffer_size = 64 << 20;
  options.max_write_buffer_number = 4;
  options.bytes_per_sync = 1 << 20;
  options.wal_bytes_per_sync = 1 << 20;
  options.compression = rocksdb::kNoCompression;
  rocksdb::DB* db = nullptr;
  Check(rocksdb::DB::Open(options, directory.string(), &db));
  db_.reset(db);
}

RawLog::~RawLog() = default;

void RawLog::Append(const std::vector<std::string>& bodies) {
  rocksdb::WriteBatch batch;
  for (const std::string& body : bodies) {
    std::string key(8, '\0');
    PutBig(key.data(), ++position_);
    Check(batch.Put(key, body));
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  Check(db_->Write(synced, &batch));
}

std::uint64_t RawLog::Scan() {
  std::uint64_t bytes = 0;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  for (at->SeekToFirst(); at->Valid(); at->Next()) bytes += at->value().size();
  Check(at->status());
  return bytes;
}

double AppendAndSyncSeconds(const std::filesystem::path& directory, std::size_t bytes) {
  const std::string path = (directory / "fdatasync").string();
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  const std::string data(bytes, 'x');
  std::vector<double> seconds;
  for (int i = 0; i < 101; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (write(file, data.data(), data.size()) < 0 || fdatasync(file) != 0) std::abort();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  close(file);
  std::nth_element(seconds.begin(), seconds.begin() + 50, seconds.end());
  return seconds[50];
}

}  // namespace entente::bench
