#include "log/rocks_store.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>

#include "log/commit.h"
#include "log/wal_gate.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

using Key = std::array<char, 8>;

Key KeyOf(Position position) {
  Key key;
  PutBig(key.data(), position.value());
  return key;
}

rocksdb::Slice SliceOf(const Key& key) { return {key.data(), key.size()}; }

// A commit lies under the position at which it begins.
Status CheckKey(const rocksdb::Slice& key, const CommitView& commit, const std::string& store) {
  if (key.size() != 8) {
    return Fail(Reason::kStoreDamaged, store, key.ToString(true),
                "a key of the log is no position");
  }
  const auto named = GetBig<std::uint64_t>(key.data());
  if (named == commit.first().value()) return {};
  return Fail(Reason::kStoreDamaged, store, std::to_string(named),
              fmt::format("the commit under position {} says it begins at {}", named,
                          commit.first().value()));
}

// Hears what RocksDB drops while it reads a WAL: its status says only that something is damaged,
// this says in which file.
class DroppedRecords final : public rocksdb::Logger {
 public:
  DroppedRecords() : rocksdb::Logger(rocksdb::WARN_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> line{};
    if (std::vsnprintf(line.data(), line.size(), format, arguments) < 0) return;
    const std::string_view text(line.data());
    if (text.find("dropping") == std::string_view::npos) return;
    const std::lock_guard lock(mutex_);
    if (first_.empty()) first_ = text;
  }
  std::string first() const {
    const std::lock_guard lock(mutex_);
    return first_;
  }

 private:
  mutable std::mutex mutex_;
  std::string first_;
};

rocksdb::Options RocksOptions(const RocksStore::Options& options, const WalGate& gate) {
  rocksdb::Options rocks;
  rocks.env = gate.env();
  rocks.create_if_missing = true;
  rocks.wal_recovery_mode = options.mode == RocksStore::Mode::kPointInTime
                                ? rocksdb::WALRecoveryMode::kPointInTimeRecovery
                                : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // What recovery read back from the WAL is written to synced files before anything is accepted:
  // after a failed sync the page cache may show bytes that the disk does not hold.
  rocks.avoid_flush_during_recovery = false;
  rocks.paranoid_checks = true;
  rocks.write_buffer_size = 64 * kMiB;
  rocks.max_write_buffer_number = 4;
  rocks.bytes_per_sync = kMiB;
  rocks.wal_bytes_per_sync = kMiB;
  // Digests and compact protobuf leave little to compress.
  rocks.compression = rocksdb::kNoCompression;
  return rocks;
}

// RocksDB's own way to the last key reads the end of each table file that was not merged with
// others yet, and fails where one of them is damaged, though the last commit lies elsewhere.
void SeekToLastCommit(rocksdb::DB& db, rocksdb::Iterator* at) {
  at->SeekToLast();
  if (at->status().ok()) return;
  std::vector<rocksdb::LiveFileMetaData> files;
  db.GetLiveFilesMetaData(&files);
  std::string last;
  for (const rocksdb::LiveFileMetaData& file : files) last = std::max(last, file.largestkey);
  // Behind it lies only what is in memory.
  for (at->Seek(last); at->Valid(); at->Next()) last = at->key().ToString();
  at->Seek(last);
  if (at->status().ok() && !at->Valid()) at->SeekForPrev(last);
}

// RocksDB names a file with its path, in the midst of a sentence.
std::string FileNamedIn(std::string_view message, const std::filesystem::path& directory) {
  const std::string prefix = directory.string() + "/";
  const auto at = message.find(prefix);
  if (at == std::string_view::npos) return directory.string();
  const auto end = message.find_first_not_of(
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.", at + prefix.size());
  std::string_view named = message.substr(at, end == message.npos ? message.npos : end - at);
  while (named.ends_with('.')) named.remove_suffix(1);
  return std::string(named);
}

}  // namespace

Error FromRocks(const rocksdb::Status& status, const std::filesystem::path& directory) {
  const Reason reason = status.IsCorruption() ? Reason::kStoreDamaged : Reason::kStoreIo;
  const std::string message = status.ToString();
  return Fail(reason, FileNamedIn(message, directory), "", message).value();
}

RocksStore::RocksStore(std::unique_ptr<WalGate> gate, std::unique_ptr<rocksdb::DB> db)
    : gate_(std::move(gate)), db_(std::move(db)) {}
RocksStore::~RocksStore() = default;

Result<std::unique_ptr<RocksStore>> RocksStore::Open(const std::filesystem::path& directory,
                                                     const Options& options) {
  auto gate = std::make_unique<WalGate>(options.env);
  rocksdb::Options rocks = RocksOptions(options, *gate);
  const auto dropped = std::make_shared<DroppedRecords>();
  rocks.info_log = dropped;
  rocksdb::DB* raw = nullptr;
  const auto opened = options.only_look
                          ? rocksdb::DB::OpenForReadOnly(rocks, directory.string(), &raw)
                          : rocksdb::DB::Open(rocks, directory.string(), &raw);
  if (!opened.ok()) {
    Error error = FromRocks(opened, directory);
    if (const std::string first = dropped->first(); !first.empty()) {
      error.message += "; " + first;
      error.field = FileNamedIn(first, directory);
    }
    return Fail(std::move(error));
  }
  std::unique_ptr<RocksStore> store(
      new RocksStore(std::move(gate), std::unique_ptr<rocksdb::DB>(raw)));

  const std::unique_ptr<rocksdb::Iterator> last(store->db_->NewIterator({}));
  SeekToLastCommit(*store->db_, last.get());
  if (!last->status().ok()) return Fail(FromRocks(last->status(), directory));
  if (last->Valid()) {
    const rocksdb::Slice value = last->value();
    const auto commit = CommitView::Parse({value.data(), value.size()});
    if (!commit) return Fail(Error(commit.error()).At(directory.string()));
    if (auto named = CheckKey(last->key(), *commit, directory.string()); !named) {
      return Fail(std::move(named.error()));
    }
    store->head_ = commit->last();
  }
  return store;
}

Status RocksStore::Write(Position expected_head, std::span<const StoredCommit> commits) {
  if (expected_head != head()) {
    return Fail(Reason::kInternal, "", std::to_string(expected_head.value()),
                fmt::format("the store's head is {}", head().value()));
  }
  // Of the right size from the start: growing would copy what is in it.
  constexpr std::size_t kOverhead = 64;
  std::size_t bytes = kOverhead;
  for (const StoredCommit& commit : commits) bytes += commit.bytes.size() + kOverhead;
  rocksdb::WriteBatch batch(bytes);
  for (const StoredCommit& commit : commits) {
    const Key key = KeyOf(commit.first);
    batch.Put(SliceOf(key), commit.bytes);
  }
  const auto written = db_->Write({}, &batch);
  if (!written.ok()) {
    gate_->OnWriteFailed();
    return Fail(FromRocks(written, db_->GetName()));
  }
  head_.store(commits.back().last, std::memory_order_release);
  return {};
}

Result<Position> RocksStore::Sync() {
  // Read before the sync: what is written while it runs may not be covered.
  const Position written = head();
  const auto synced = gate_->Sync(*db_);
  if (!synced.ok()) return Fail(FromRocks(synced, db_->GetName()));
  return written;
}

Result<std::vector<std::string>> RocksStore::Read(Position from, Position to,
                                                  std::uint64_t max_bytes) const {
  std::vector<std::string> commits;
  std::uint64_t bytes = 0;
  Position next = from;
  const auto end_with = [&](Error error) -> Result<std::vector<std::string>> {
    if (!commits.empty()) return std::move(commits);
    if (!error.position) error.position = next;
    return Fail(std::move(error));
  };
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  const Key key = KeyOf(from);
  at->SeekForPrev(SliceOf(key));
  if (!at->Valid() && at->status().ok()) at->SeekToFirst();
  for (; at->Valid() && bytes <= max_bytes; at->Next()) {
    const rocksdb::Slice value = at->value();
    const auto commit = CommitView::Parse({value.data(), value.size()});
    if (!commit) return end_with(Error(commit.error()).At(db_->GetName()));
    if (auto named = CheckKey(at->key(), *commit, db_->GetName()); !named) {
      return end_with(std::move(named.error()));
    }
    if (commit->last() < from) continue;
    if (commit->last() > to) break;
    next = commit->last().Next();
    commits.emplace_back(value.data(), value.size());
    bytes += value.size();
  }
  if (at->status().ok()) return commits;
  // An iterator meets damage before it has passed all that is whole: it stands in all files at
  // once. Commits in front of it can still be had one by one.
  rocksdb::Status status = at->status();
  while (bytes <= max_bytes && next <= to) {
    std::string value;
    const Key wanted = KeyOf(next);
    const auto got = db_->Get({}, SliceOf(wanted), &value);
    const auto commit = got.ok() ? CommitView::Parse(value) : tl::unexpected(Error());
    if (!commit || commit->first() != next || commit->last() > to) {
      if (!got.ok() && !got.IsNotFound()) status = got;
      break;
    }
    next = commit->last().Next();
    bytes += value.size();
    commits.push_back(std::move(value));
  }
  return end_with(FromRocks(status, db_->GetName()));
}

Status RocksStore::Cut(Position from) {
  rocksdb::WriteBatch batch;
  Position head;
  {
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
    const Key key = KeyOf(from);
    for (at->Seek(SliceOf(key)); at->Valid(); at->Next()) batch.Delete(at->key());
    // Not SeekForPrev(key), which would find the commit at `from` itself.
    const Key before = KeyOf(Position(from.value() - 1));
    if (at->status().ok()) at->SeekForPrev(SliceOf(before));
    if (!at->status().ok()) return Fail(FromRocks(at->status(), db_->GetName()));
    if (at->Valid()) {
      const auto last = CommitView::Parse({at->value().data(), at->value().size()});
      if (!last) return Fail(last.error());
      head = last->last();
    }
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto written = db_->Write(synced, &batch);
  if (!written.ok()) return Fail(FromRocks(written, db_->GetName()));
  head_.store(head, std::memory_order_release);
  return {};
}

Status RocksStore::Overwrite(std::span<const StoredCommit> commits) {
  rocksdb::WriteBatch batch;
  for (const StoredCommit& commit : commits) {
    const Key key = KeyOf(commit.first);
    batch.Put(SliceOf(key), commit.bytes);
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto written = db_->Write(synced, &batch);
  return written.ok() ? Status() : Fail(FromRocks(written, db_->GetName()));
}

Status RocksStore::RemoveOldVersions(std::span<const Position> commits) {
  // What is in no memtable is needed in no WAL.
  auto done = db_->Flush({});
  rocksdb::CompactRangeOptions to_the_bottom;
  to_the_bottom.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (const Position commit : commits) {
    const Key key = KeyOf(commit);
    const rocksdb::Slice slice = SliceOf(key);
    if (done.ok()) done = db_->CompactRange(to_the_bottom, &slice, &slice);
  }
  // Files that nothing refers to any more are deleted now, and not when RocksDB gets to it.
  if (done.ok()) done = db_->DisableFileDeletions();
  if (done.ok()) done = db_->EnableFileDeletions(/*force=*/true);
  return done.ok() ? Status() : Fail(FromRocks(done, db_->GetName()));
}

}  // namespace entente::log
