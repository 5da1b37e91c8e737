#include "bench/raw_log.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "bench/give_up.h"
#include "values/byte_order.h"

namespace entente::bench {
namespace {

void Check(const rocksdb::Status& status) {
  if (!status.ok()) GiveUp("raw RocksDB: " + status.ToString());
}

double Median(std::vector<double> seconds) {
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
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

void RawLog::Append(const Chunk& chunk) {
  rocksdb::WriteBatch batch;
  rocksdb::WriteOptions synced;
  synced.sync = true;
  std::string key(8, '\0');
  for (const std::vector<std::string>& bodies : chunk.bodies) {
    batch.Clear();
    for (const std::string& body : bodies) {
      PutBig(key.data(), ++position_);
      Check(batch.Put(key, body));
    }
    Check(db_->Write(synced, &batch));
  }
}

std::uint64_t RawLog::Scan() {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    bytes += at->value().size();
    ++events;
  }
  Check(at->status());
  if (bytes == 0) GiveUp("the raw log is empty");
  return events;
}

void RawLog::Read(std::uint64_t position) {
  std::string key(8, '\0');
  PutBig(key.data(), position);
  std::string value;
  Check(db_->Get({}, key, &value));
}

SyncedFile::SyncedFile(const std::filesystem::path& path)
    : file_(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) {
  if (file_ < 0) GiveUp("cannot open " + path.string());
}

SyncedFile::~SyncedFile() { close(file_); }

void SyncedFile::Append(std::string_view bytes) {
  if (write(file_, bytes.data(), bytes.size()) < 0 || fdatasync(file_) != 0) {
    GiveUp("cannot write and sync a file");
  }
}

double AppendAndSyncSeconds(const std::filesystem::path& directory, std::size_t bytes) {
  SyncedFile file(directory / "fdatasync");
  const std::string data(bytes, 'x');
  std::vector<double> seconds;
  for (int i = 0; i < 501; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    file.Append(data);
    seconds.push_back(SecondsSince(begin));
  }
  return Median(std::move(seconds));
}

}  // namespace entente::bench
