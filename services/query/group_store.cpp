#include "services/query/group_store.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "log/directory_lock.h"
#include "log/wal_gate.h"
#include "log/witness.h"
#include "services/query/group_recovery.h"
#include "services/query/group_rows.h"
#include "services/settings/journal.h"

namespace entente::query {
namespace {

using Kind = Group::Row::Kind;

// What a row takes in memory beside its bytes, roughly.
constexpr std::size_t kRowBytes = 128;

// Rows by key; nothing for one that is to go.
using Edits = std::map<std::string, std::optional<std::string>>;

class RocksGroupStore final : public GroupStore {
 public:
  RocksGroupStore(log::DirectoryLock lock, std::filesystem::path directory,
                  std::unique_ptr<log::WalGate> gate, OpenedGroupRows rows, log::Witness witness,
                  std::function<void()> on_synced, std::size_t wal_bytes)
      : lock_(std::move(lock)),
        directory_(std::move(directory)),
        gate_(std::move(gate)),
        db_(std::move(rows.db)),
        witness_(std::move(witness)),
        on_synced_(std::move(on_synced)),
        wal_bytes_(wal_bytes),
        head_(rows.head),
        wanted_(rows.head.batch),
        synced_(rows.head.batch) {
    syncing_ = std::thread([this] { SyncAsAsked(); });
  }

  ~RocksGroupStore() override {
    {
      const std::lock_guard guard(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    if (syncing_.joinable()) syncing_.join();
  }

  Result<std::map<std::string, Group::Stored>> ReadAll() const override {
    std::map<std::string, Group::Stored> all;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}));
    for (row->SeekToFirst(); row->Valid(); row->Next()) {
      const std::string_view key(row->key().data(), row->key().size());
      if (key.size() < 2) continue;
      const std::string name(key.substr(1, key.find('\0', 1) - 1));
      const int length = static_cast<int>(row->value().size());
      if (key.starts_with(PrefixOf(Kind::kGroup, name))) {
        if (!all[name].group.ParseFromArray(row->value().data(), length)) return Torn(name);
        continue;
      }
      v1::StoredChange stored;
      if (!stored.ParseFromArray(row->value().data(), length)) return Torn(name);
      if (key.starts_with(PrefixOf(Kind::kInFlight, name))) {
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
    const std::string prefix = PrefixOf(Kind::kParked, group);
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
    Edits edits;
    for (const Group::Row& row : rows) edits[KeyOf(row.kind, group, row.cursor)] = row.value;
    return Commit(edits, known);
  }

  Status Forget(const std::string& group) override {
    Edits edits;
    for (const Kind kind : {Kind::kGroup, Kind::kInFlight, Kind::kParked}) {
      const std::string prefix = PrefixOf(kind, group);
      const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}));
      for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
        edits[row->key().ToString()] = std::nullopt;
      }
      if (!row->status().ok()) return Break(row->status());
    }
    return Commit(edits, head_.known);
  }

  Ticket written() const override { return head_.batch; }

  void Sync() override {
    {
      const std::lock_guard guard(mutex_);
      wanted_ = head_.batch;
    }
    wake_.notify_one();
  }

  void SyncNow() override {
    if (SyncWal()) NoteSynced(head_.batch);
  }

  Ticket synced() const override {
    const std::lock_guard guard(mutex_);
    return synced_;
  }

  std::optional<Error> broken() const override {
    const std::lock_guard guard(mutex_);
    return broken_;
  }

  log::ChainPoint known() const override { return head_.known; }

 private:
  // Edits and the head that they make, in one batch.
  Status Commit(const Edits& edits, const log::ChainPoint& known) {
    if (const auto error = broken()) return Fail(*error);
    GroupHead head = head_;
    head.known = known;
    head.durable = synced();
    ++head.batch;
    rocksdb::WriteBatch batch;
    for (const auto& [key, value] : edits) {
      std::string before;
      rocksdb::Status done = db_->Get({}, key, &before);
      if (!done.ok() && !done.IsNotFound()) return Break(done);
      if (done.ok()) head.sum -= DigestOf(key, before);
      if (value) head.sum += DigestOf(key, *value);
      done = value ? batch.Put(key, *value) : batch.Delete(key);
      if (!done.ok()) return Break(done);
    }
    const rocksdb::Status put = batch.Put(rocksdb::Slice(&kHeadKey, 1), EncodeHead(head));
    if (!put.ok()) return Break(put);
    if (Status fits = MakeRoom(batch.GetDataSize() + kRowBytes * (edits.size() + 1)); !fits) {
      return fits;
    }
    const rocksdb::Status done = db_->Write({}, &batch);
    if (!done.ok()) return Break(done);
    head_ = head;
    return {};
  }

  // Begins another WAL before this one would hold too much, and only when it is on disk.
  Status MakeRoom(std::size_t bytes) {
    if (in_wal_ + bytes <= wal_bytes_ || in_wal_ == 0) {
      in_wal_ += bytes;
      return {};
    }
    if (!SyncWal()) return Fail(*broken());
    NoteSynced(head_.batch);
    on_synced_();
    rocksdb::FlushOptions flush;
    flush.wait = false;
    flush.allow_write_stall = true;
    const rocksdb::Status begun = db_->Flush(flush);
    if (!begun.ok()) return Break(begun);
    in_wal_ = bytes;
    return {};
  }

  bool SyncWal() {
    if (broken()) return false;
    const rocksdb::Status done = gate_->Sync(*db_);
    if (!done.ok()) (void)Break(done);
    return done.ok();
  }

  void NoteSynced(Ticket ticket) {
    const std::lock_guard guard(mutex_);
    if (broken_ || ticket <= synced_) return;
    synced_ = ticket;
    witness_.Write({.position = Position(ticket), .hash = {}});
  }

  // The syncing thread.
  void SyncAsAsked() {
    std::unique_lock guard(mutex_);
    while (true) {
      wake_.wait(guard, [this] { return ending_ || (wanted_ > synced_ && !broken_); });
      if (ending_) return;
      const Ticket up_to = wanted_;
      guard.unlock();
      if (SyncWal()) {
        NoteSynced(up_to);
        on_synced_();
      }
      guard.lock();
    }
  }

  // Who waits for a sync need not any longer.
  Status Break(const rocksdb::Status& why) {
    Error broken;
    {
      const std::lock_guard guard(mutex_);
      if (!broken_) broken_ = FromRocks(why);
      broken = *broken_;
    }
    on_synced_();
    return Fail(std::move(broken));
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
  const std::unique_ptr<log::WalGate> gate_;
  const std::unique_ptr<rocksdb::DB> db_;
  const log::Witness witness_;
  const std::function<void()> on_synced_;
  const std::size_t wal_bytes_;
  GroupHead head_;
  std::size_t in_wal_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Ticket wanted_;
  Ticket synced_;
  bool ending_ = false;
  std::optional<Error> broken_;
  std::thread syncing_;
};

}  // namespace

Result<std::unique_ptr<GroupStore>> GroupStore::Open(const std::filesystem::path& directory,
                                                     std::function<void()> on_synced,
                                                     const Options& options) {
  auto lock = log::DirectoryLock::Take(directory);
  if (!lock) return Fail(std::move(lock).error().At("subscriptions"));
  auto gate = std::make_unique<log::WalGate>(options.env);
  auto rows = OpenGroupRows(directory, gate->env());
  if (!rows) return Fail(std::move(rows).error());
  if (rows->note) {
    settings::Journal("query").Warn("durable subscriptions recovered", {{"what", *rows->note}});
  }
  auto witness = log::Witness::Open(GroupFiles(directory).witness);
  if (!witness) return Fail(std::move(witness).error().At("subscriptions"));
  return std::make_unique<RocksGroupStore>(*std::move(lock), directory, std::move(gate),
                                           *std::move(rows), *std::move(witness),
                                           std::move(on_synced), options.wal_bytes);
}

}  // namespace entente::query
