#include "services/query/group_store.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "log/directory_lock.h"
#include "log/no_info_log.h"
#include "services/query/subscription/cursor.h"

namespace entente::query {
namespace {

using Kind = Group::Row::Kind;

// Keys are big-endian and prefix-free: a name holds no zero byte.
//
//     00                                   format version u32, known position u64, chain hash
//     01 NAME 00                           StoredGroup
//     02 NAME 00 position u64 ordinal u16  StoredChange, in flight
//     03 NAME 00 position u64 ordinal u16  StoredChange, parked
constexpr char kHead = 0;
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kCursorBytes = 10;

char Byte(Kind kind) {
  switch (kind) {
    case Kind::kGroup:
      return 1;
    case Kind::kInFlight:
      return 2;
    case Kind::kParked:
      return 3;
  }
  return 0;
}

std::string BigEndian(std::uint64_t number, std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = bytes; i > 0; --i, number >>= 8) {
    text[i - 1] = static_cast<char>(number & 0xff);
  }
  return text;
}

std::uint64_t FromBigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string Prefix(Kind kind, const std::string& group) {
  return std::string(1, Byte(kind)) + group + '\0';
}

std::string KeyOf(Kind kind, const std::string& group, const Cursor& cursor) {
  if (kind == Kind::kGroup) return Prefix(kind, group);
  return Prefix(kind, group) + BigEndian(cursor.position.value(), 8) +
         BigEndian(cursor.ordinal.value(), 2);
}

Cursor CursorOfKey(std::string_view key) {
  const std::string_view bytes = key.substr(key.size() - kCursorBytes);
  return {Position(FromBigEndian(bytes.substr(0, 8))),
          Ordinal(static_cast<std::uint16_t>(FromBigEndian(bytes.substr(8))))};
}

std::string EncodeHead(const log::ChainPoint& known) {
  std::string bytes = BigEndian(kFormat, 4) + BigEndian(known.position.value(), 8);
  bytes.append(reinterpret_cast<const char*>(known.hash.data()), known.hash.size());
  return bytes;
}

rocksdb::Options RocksOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  // A settlement that was answered must not vanish silently: a flipped byte is refused, and only a
  // tail that was never synced may be missing.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.write_buffer_size = 8 << 20;
  options.info_log = std::make_shared<log::NoInfoLog>();
  return options;
}

class RocksGroupStore final : public GroupStore {
 public:
  RocksGroupStore(log::DirectoryLock lock, std::filesystem::path directory,
                  std::unique_ptr<rocksdb::DB> db, std::function<void()> on_synced)
      : lock_(std::move(lock)),
        directory_(std::move(directory)),
        db_(std::move(db)),
        on_synced_(std::move(on_synced)) {}

  ~RocksGroupStore() override {
    {
      const std::lock_guard guard(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    if (syncing_.joinable()) syncing_.join();
  }

  Status Begin() {
    std::string head;
    const rocksdb::Status found = db_->Get({}, rocksdb::Slice(&kHead, 1), &head);
    if (found.ok()) {
      if (head.size() != 12 + known_.hash.size() || FromBigEndian(head.substr(0, 4)) != kFormat) {
        return Fail(Reason::kStoreFormat, "subscriptions", directory_.string(),
                    "not durable subscriptions of format 1");
      }
      known_.position = Position(FromBigEndian(head.substr(4, 8)));
      std::memcpy(known_.hash.data(), head.data() + 12, known_.hash.size());
    } else if (!found.IsNotFound()) {
      return Fail(FromRocks(found));
    }
    syncing_ = std::thread([this] { SyncAsAsked(); });
    return {};
  }

  Result<std::map<std::string, Group::Stored>> ReadAll() const override {
    std::map<std::string, Group::Stored> all;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}));
    for (row->SeekToFirst(); row->Valid(); row->Next()) {
      const std::string_view key(row->key().data(), row->key().size());
      if (key.size() < 2) continue;
      const std::string name(key.substr(1, key.find('\0', 1) - 1));
      const int length = static_cast<int>(row->value().size());
      if (key.front() == Byte(Kind::kGroup)) {
        if (!all[name].group.ParseFromArray(row->value().data(), length)) return Torn(name);
        continue;
      }
      v1::StoredChange stored;
      if (!stored.ParseFromArray(row->value().data(), length)) return Torn(name);
      if (key.front() == Byte(Kind::kInFlight)) {
        all[name].in_flight.emplace_back(CursorOfKey(key), std::move(stored));
      } else {
        v1::StoredChange slight;  // thousands may be parked
        slight.mutable_change()->mutable_change()->set_subject(stored.change().change().subject());
        *slight.mutable_kin() = stored.kin();
        all[name].parked.emplace_back(CursorOfKey(key), std::move(slight));
      }
    }
    if (!row->status().ok()) return Fail(FromRocks(row->status()));
    return all;
  }

  Result<std::vector<Parked>> ReadParked(const std::string& group,
                                         const std::optional<Cursor>& after,
                                         std::size_t limit) const override {
    const std::string prefix = Prefix(Kind::kParked, group);
    std::vector<Parked> parked;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}));
    for (row->Seek(after ? KeyOf(Kind::kParked, group, *after) + '\0' : prefix);
         row->Valid() && row->key().starts_with(prefix) && parked.size() < limit; row->Next()) {
      v1::StoredChange stored;
      if (!stored.ParseFromArray(row->value().data(), static_cast<int>(row->value().size()))) {
        return Torn(group);
      }
      parked.emplace_back(CursorOfKey({row->key().data(), row->key().size()}), std::move(stored));
    }
    if (!row->status().ok()) return Fail(FromRocks(row->status()));
    return parked;
  }

  Result<std::optional<v1::StoredChange>> FindParked(const std::string& group,
                                                     const Cursor& cursor) const override {
    std::string bytes;
    const rocksdb::Status found = db_->Get({}, KeyOf(Kind::kParked, group, cursor), &bytes);
    if (found.IsNotFound()) return std::nullopt;
    if (!found.ok()) return Fail(FromRocks(found));
    v1::StoredChange stored;
    if (!stored.ParseFromString(bytes)) return Torn(group);
    return stored;
  }

  Status Write(const std::string& group, std::span<const Group::Row> rows,
               const log::ChainPoint& known) override {
    rocksdb::WriteBatch batch;
    for (const Group::Row& row : rows) {
      const std::string key = KeyOf(row.kind, group, row.cursor);
      const rocksdb::Status put = row.value ? batch.Put(key, *row.value) : batch.Delete(key);
      if (!put.ok()) return Break(put);
    }
    known_ = known;
    return Commit(&batch);
  }

  Status Forget(const std::string& group) override {
    rocksdb::WriteBatch batch;
    for (const Kind kind : {Kind::kGroup, Kind::kInFlight, Kind::kParked}) {
      const std::string prefix = Prefix(kind, group);
      const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}));
      for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
        if (const rocksdb::Status put = batch.Delete(row->key()); !put.ok()) return Break(put);
      }
      if (!row->status().ok()) return Break(row->status());
    }
    return Commit(&batch);
  }

  Ticket written() const override { return written_; }

  void Sync() override {
    {
      const std::lock_guard guard(mutex_);
      wanted_ = written_;
    }
    wake_.notify_one();
  }

  void SyncNow() override {
    const rocksdb::Status done = db_->SyncWAL();
    if (!done.ok()) (void)Break(done);
    const std::lock_guard guard(mutex_);
    if (!broken_) synced_ = written_;
  }

  Ticket synced() const override {
    const std::lock_guard guard(mutex_);
    return synced_;
  }

  std::optional<Error> broken() const override {
    const std::lock_guard guard(mutex_);
    return broken_;
  }

  log::ChainPoint known() const override { return known_; }

 private:
  Status Commit(rocksdb::WriteBatch* batch) {
    if (const auto error = broken()) return Fail(*error);
    const rocksdb::Status put = batch->Put(rocksdb::Slice(&kHead, 1), EncodeHead(known_));
    if (!put.ok()) return Break(put);
    const rocksdb::Status done = db_->Write({}, batch);
    if (!done.ok()) return Break(done);
    ++written_;
    return {};
  }

  // The syncing thread.
  void SyncAsAsked() {
    std::unique_lock guard(mutex_);
    while (true) {
      wake_.wait(guard, [this] { return ending_ || (wanted_ > synced_ && !broken_); });
      if (ending_) return;
      const Ticket up_to = wanted_;
      guard.unlock();
      const rocksdb::Status done = db_->SyncWAL();
      if (!done.ok()) (void)Break(done);
      guard.lock();
      if (!broken_) synced_ = up_to;
      guard.unlock();
      on_synced_();
      guard.lock();
    }
  }

  Status Break(const rocksdb::Status& why) {
    const std::lock_guard guard(mutex_);
    if (!broken_) broken_ = FromRocks(why);
    return Fail(*broken_);
  }

  Error FromRocks(const rocksdb::Status& status) const {
    const Reason reason = status.IsCorruption() ? Reason::kStoreDamaged : Reason::kStoreIo;
    return Fail(reason, "subscriptions", directory_.string(), status.ToString()).value();
  }

  tl::unexpected<Error> Torn(const std::string& group) const {
    return Fail(Reason::kStoreDamaged, "subscriptions", directory_.string(),
                fmt::format("a row of the group {} cannot be read", group));
  }

  const log::DirectoryLock lock_;
  const std::filesystem::path directory_;
  const std::unique_ptr<rocksdb::DB> db_;
  const std::function<void()> on_synced_;
  Ticket written_ = 0;
  log::ChainPoint known_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Ticket wanted_ = 0;
  Ticket synced_ = 0;
  bool ending_ = false;
  std::optional<Error> broken_;
  std::thread syncing_;
};

}  // namespace

Result<std::unique_ptr<GroupStore>> GroupStore::Open(const std::filesystem::path& directory,
                                                     std::function<void()> on_synced) {
  auto lock = log::DirectoryLock::Take(directory);
  if (!lock) return Fail(std::move(lock).error().At("subscriptions"));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::Open(RocksOptions(), (directory / "rows").string(), &db);
  if (!opened.ok()) {
    const Reason reason = opened.IsCorruption() ? Reason::kStoreDamaged : Reason::kStoreIo;
    return Fail(reason, "subscriptions", directory.string(), opened.ToString());
  }
  auto store = std::make_unique<RocksGroupStore>(
      *std::move(lock), directory, std::unique_ptr<rocksdb::DB>(db), std::move(on_synced));
  if (Status begun = store->Begin(); !begun) return Fail(std::move(begun).error());
  return store;
}

}  // namespace entente::query
