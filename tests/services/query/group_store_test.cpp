// What is kept of durable subscriptions, on a disk that fails, forgets and is damaged: whatever was
// once on disk is there, or the store is refused by name.
#include "services/query/group_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <set>

#include "services/query/group_rows.h"
#include "services/query/subscription/cursor.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/how_thorough.h"
#include "tests/log/scratch_directory.h"

namespace entente::query {
namespace {

namespace fs = std::filesystem;
using log::FaultyFileSystem;
using log::ScratchDirectory;
using testing::HasSubstr;
using Kind = Group::Row::Kind;

constexpr const char* kDesk = "desk";

Group::Row InFlight(std::uint64_t position, bool there = true) {
  v1::StoredChange stored;
  stored.mutable_change()->mutable_change()->set_position(position);
  stored.mutable_change()->mutable_change()->set_subject("meeting/talks");
  Group::Row row{.kind = Kind::kInFlight, .cursor = {Position(position), Ordinal()}, .value = {}};
  if (there) row.value = stored.SerializeAsString();
  return row;
}

Group::Row Definition() {
  v1::StoredGroup stored;
  stored.mutable_definition()->set_name(kDesk);
  return {.kind = Kind::kGroup, .cursor = {}, .value = stored.SerializeAsString()};
}

class GroupStoreTest : public testing::Test {
 protected:
  Result<std::unique_ptr<GroupStore>> Open(const fs::path& directory) {
    return GroupStore::Open(directory, [this] { Wake(); },
                            {.env = disk_.env(), .wal_bytes = wal_bytes_});
  }
  std::unique_ptr<GroupStore> MustOpen(const fs::path& directory) {
    auto store = Open(directory);
    if (!store) ADD_FAILURE() << store.error().ToString();
    return store ? *std::move(store) : nullptr;
  }
  std::unique_ptr<GroupStore> MustOpen() { return MustOpen(home_.path()); }

  static void MustWrite(GroupStore& store, const std::vector<Group::Row>& rows) {
    const Status written = store.Write(kDesk, rows, {.position = Position(9), .hash = {}});
    ASSERT_TRUE(written) << written.error().ToString();
  }
  // Positions in flight.
  static std::set<std::uint64_t> Held(const GroupStore& store) {
    std::set<std::uint64_t> held;
    const auto all = store.ReadAll();
    EXPECT_TRUE(all) << all.error().ToString();
    if (!all || !all->contains(kDesk)) return held;
    for (const auto& [cursor, stored] : all->at(kDesk).in_flight) {
      held.insert(cursor.position.value());
    }
    return held;
  }

  // The one that holds something.
  static fs::path TheWal(const fs::path& directory) {
    fs::path wal;
    for (const auto& entry : fs::directory_iterator(directory / "rows")) {
      if (entry.path().extension() == ".log" && entry.file_size() > 0) wal = entry.path();
    }
    EXPECT_FALSE(wal.empty());
    return wal;
  }

  void Wake() {
    const std::lock_guard guard(mutex_);
    ++woken_;
    wake_.notify_all();
  }
  void AwaitWake() {
    std::unique_lock guard(mutex_);
    EXPECT_TRUE(wake_.wait_for(guard, std::chrono::seconds(30), [this] { return woken_ > 0; }));
  }

  ScratchDirectory home_;
  FaultyFileSystem disk_;
  std::size_t wal_bytes_ = GroupStore::Options().wal_bytes;
  std::mutex mutex_;
  std::condition_variable wake_;
  int woken_ = 0;
};

TEST_F(GroupStoreTest, IsWhatWasWrittenWhenOpenedAnew) {
  {
    const auto store = MustOpen();
    MustWrite(*store, {Definition(), InFlight(1), InFlight(2)});
    // Several rows of one change in one step: the last stands.
    MustWrite(*store, {InFlight(1), InFlight(1, false), InFlight(3)});
  }
  const auto store = MustOpen();
  EXPECT_EQ(Held(*store), (std::set<std::uint64_t>{2, 3}));
  EXPECT_EQ(store->written(), 2U);
  EXPECT_EQ(store->synced(), 2U);
  EXPECT_EQ(store->known().position, Position(9));
  ASSERT_TRUE(store->Forget(kDesk));
  const auto all = store->ReadAll();
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->empty());
}

// Each byte of a WAL that was synced whole, flipped or cut away: all of it, or a refusal.
TEST_F(GroupStoreTest, AWalThatWasSyncedIsWholeOrRefused) {
  {
    const auto store = MustOpen();
    MustWrite(*store, {Definition(), InFlight(1)});
    MustWrite(*store, {InFlight(2)});
    MustWrite(*store, {InFlight(1, false), InFlight(3)});
    store->SyncNow();
  }
  const std::set<std::uint64_t> whole = {2, 3};
  const std::uint64_t size = fs::file_size(TheWal(home_.path()));
  int refused = 0;
  const auto check = [&](const std::string& what, const std::function<void(const fs::path&)>& do_) {
    const ScratchDirectory copy;
    fs::copy(home_.path(), copy.path(), fs::copy_options::recursive);
    do_(TheWal(copy.path()));
    const auto store = Open(copy.path());
    if (store) {
      EXPECT_EQ(Held(**store), whole) << what;
      return;
    }
    ++refused;
    EXPECT_EQ(store.error().reason, Reason::kStoreDamaged) << store.error().ToString();
    EXPECT_THAT(store.error().ToString(), HasSubstr("rows")) << what;
  };
  for (std::uint64_t at = 0; at < size; at += log::Thoroughly<std::uint64_t>(1, 13)) {
    check(fmt::format("flipped at {}", at), [at](const fs::path& wal) {
      std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(static_cast<std::streamoff>(at));
      const int byte = file.get();
      file.seekp(static_cast<std::streamoff>(at));
      file.put(static_cast<char>(byte ^ (1 << at % 8)));
    });
    check(fmt::format("cut at {}", at), [at](const fs::path& wal) { fs::resize_file(wal, at); });
    check(fmt::format("zeros from {}", at), [at, size](const fs::path& wal) {
      fs::resize_file(wal, at);
      fs::resize_file(wal, size);
    });
  }
  EXPECT_GT(refused, 30);
}

// What was never synced may be torn or come out as zeros: it is left out, and kept for the curious.
TEST_F(GroupStoreTest, AnEndThatWasNeverSyncedIsLeftOut) {
  std::uint64_t synced = 0;
  {
    const auto store = MustOpen();
    MustWrite(*store, {Definition(), InFlight(1)});
    MustWrite(*store, {InFlight(2)});
    store->SyncNow();
    synced = fs::file_size(TheWal(home_.path()));
    MustWrite(*store, {InFlight(2, false), InFlight(3)});
  }
  const std::uint64_t size = fs::file_size(TheWal(home_.path()));
  for (std::uint64_t at = synced; at < size; at += log::Thoroughly<std::uint64_t>(1, 11)) {
    for (const bool zeros : {false, true}) {
      const ScratchDirectory copy;
      fs::copy(home_.path(), copy.path(), fs::copy_options::recursive);
      fs::resize_file(TheWal(copy.path()), at);
      if (zeros) fs::resize_file(TheWal(copy.path()), size);
      const auto store = Open(copy.path());
      ASSERT_TRUE(store) << at << (zeros ? " zeros: " : " cut: ") << store.error().ToString();
      EXPECT_EQ(Held(**store), (std::set<std::uint64_t>{1, 2})) << at;
      EXPECT_EQ((*store)->written(), 2U);
    }
  }
}

// An older WAL that ends short and a newer one that is whole: RocksDB opens it without a word.
TEST_F(GroupStoreTest, AHoleBetweenTwoWalsIsRefused) {
  const ScratchDirectory older;
  {
    const auto store = MustOpen();
    MustWrite(*store, {Definition(), InFlight(1)});
    MustWrite(*store, {InFlight(2)});
  }
  fs::copy(home_.path(), older.path(), fs::copy_options::recursive);
  const fs::path short_wal = TheWal(older.path());
  {
    const auto store = MustOpen();  // the rows are flushed, and another WAL begun
    MustWrite(*store, {InFlight(3)});
  }
  const fs::path newer_wal = TheWal(home_.path());
  ASSERT_NE(short_wal.filename(), newer_wal.filename());
  fs::copy_file(newer_wal, older.path() / "rows" / newer_wal.filename(),
                fs::copy_options::overwrite_existing);
  fs::remove(older.path() / "witness");  // it is no help where nothing was synced
  {
    const ScratchDirectory whole;
    fs::copy(older.path(), whole.path(), fs::copy_options::recursive);
    const auto store = MustOpen(whole.path());
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(Held(*store), (std::set<std::uint64_t>{1, 2, 3}));
  }
  fs::resize_file(short_wal, fs::file_size(short_wal) - 1);
  const auto store = Open(older.path());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().reason, Reason::kStoreDamaged);
  EXPECT_THAT(store.error().message, HasSubstr("missing")) << store.error().ToString();
}

TEST_F(GroupStoreTest, NoWalIsBegunBeforeTheLastOneIsOnDisk) {
  wal_bytes_ = 4 << 10;
  std::mutex mutex;
  std::set<std::string> unsynced;
  int begun = 0;
  disk_.Observe([&](FaultyFileSystem::Operation operation, const std::string& path) {
    if (!path.ends_with(".log")) return;
    const std::lock_guard guard(mutex);
    if (operation == FaultyFileSystem::Operation::kAppend) unsynced.insert(path);
    if (operation == FaultyFileSystem::Operation::kSynced) unsynced.erase(path);
    if (operation != FaultyFileSystem::Operation::kCreate) return;
    ++begun;
    EXPECT_TRUE(unsynced.empty()) << *unsynced.begin() << " when " << path << " is begun";
  });
  {
    const auto store = MustOpen();
    MustWrite(*store, {Definition()});
    for (std::uint64_t n = 1; n <= 200; ++n) MustWrite(*store, {InFlight(n)});
    AwaitWake();  // who waits for what was synced on the way is told
  }
  disk_.Observe({});
  EXPECT_GT(begun, 5);
  disk_.ForgetUnsynced();
  const auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  const auto held = Held(*store);
  EXPECT_GT(held.size(), 100U);
  ASSERT_FALSE(held.empty());
  EXPECT_EQ(*held.rbegin(), held.size());  // the first ones, without a hole
}

TEST_F(GroupStoreTest, AfterARefusedSyncItTakesNothingMore) {
  {
    const auto store = MustOpen();
    MustWrite(*store, {Definition(), InFlight(1)});
    store->SyncNow();
    EXPECT_EQ(store->synced(), store->written());
    MustWrite(*store, {InFlight(1, false)});
    disk_.Set(FaultyFileSystem::Fault::kSyncs);
    store->Sync();
    AwaitWake();
    ASSERT_TRUE(store->broken());
    EXPECT_EQ(store->broken()->reason, Reason::kStoreIo);
    EXPECT_LT(store->synced(), store->written());
    disk_.Set(FaultyFileSystem::Fault::kNone);
    EXPECT_FALSE(store->Write(kDesk, std::vector{InFlight(2)}, {}));
    store->SyncNow();  // that it works again is no reason to believe in what it refused
    EXPECT_LT(store->synced(), store->written());
  }
  disk_.ForgetUnsynced();
  const auto store = MustOpen();
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(Held(*store), std::set<std::uint64_t>{1});
}

// Replies wait for a sync that will not be tried any more.
TEST_F(GroupStoreTest, WhenAWriteIsRefusedWhoWaitsIsTold) {
  const auto store = MustOpen();
  MustWrite(*store, {Definition()});
  store->SyncNow();
  disk_.Set(FaultyFileSystem::Fault::kWrites);
  EXPECT_FALSE(store->Write(kDesk, std::vector{InFlight(1)}, {}));
  AwaitWake();
  EXPECT_TRUE(store->broken());
  const GroupStore::Ticket synced = store->synced();
  store->SyncNow();  // RocksDB would end the process
  EXPECT_EQ(store->synced(), synced);
}

TEST_F(GroupStoreTest, AnotherFormatIsRefusedByName) {
  {
    const auto store = MustOpen();
    MustWrite(*store, {Definition()});
  }
  const auto put_head = [this](const std::string& head) {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, (home_.path() / "rows").string(), &db).ok());
    const std::unique_ptr<rocksdb::DB> owned(db);
    ASSERT_TRUE(db->Put({}, rocksdb::Slice(&kHeadKey, 1), head).ok());
  };
  std::string newer = EncodeHead({});
  newer[7] = 3;
  put_head(newer);
  const auto refused = Open(home_.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kStoreFormat);
  EXPECT_THAT(refused.error().message, HasSubstr("format 3"));

  // Format 1, which had no more than the log's position and hash, is read.
  std::string first("\0\0\0\1\0\0\0\0\0\0\0\7", 12);
  first.append(32, 'h');
  put_head(first);
  {
    const auto store = MustOpen();
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->known().position, Position(7));
    MustWrite(*store, {InFlight(1)});
  }
  EXPECT_EQ(Held(*MustOpen()), std::set<std::uint64_t>{1});
}

TEST_F(GroupStoreTest, ABatchOfAcksIsOneWriteAndOneSync) {
  constexpr std::uint64_t kAcks = 100;
  v1::Group definition;
  definition.set_name(kDesk);
  definition.set_max_in_flight(1'000);
  definition.set_max_deliveries(5);
  Group group(definition, {}, Position(kAcks));
  constexpr Tick kNow{1'000};
  (void)group.Join(1, {.credit = 1'000, .lease = Tick(30'000), .name = ""}, kNow);
  Group::Page page{.changes = {},
                   .covered_to = EndOf(Position(kAcks)),
                   .at_head = true,
                   .head = Position(kAcks)};
  v1::SettleRequest request;
  for (std::uint64_t n = 1; n <= kAcks; ++n) {
    v1::Change* change = page.changes.emplace_back().change.mutable_change();
    change->set_position(n);
    change->set_subject(fmt::format("meeting/{}", n));
    auto* one = request.add_settled();
    one->mutable_cursor()->set_position(n);
    one->set_how(v1::SettleRequest::ack);
  }
  const auto store = MustOpen();
  const auto given = group.OnPage(std::move(page), kNow);
  MustWrite(*store, given.rows);
  (void)group.OnSent(given.messages, std::vector<bool>(given.messages.size(), true), kNow);

  std::atomic<int> writes = 0;
  std::atomic<int> syncs = 0;
  disk_.Observe([&](FaultyFileSystem::Operation operation, const std::string& path) {
    if (!path.ends_with(".log")) return;
    if (operation == FaultyFileSystem::Operation::kAppend) ++writes;
    if (operation == FaultyFileSystem::Operation::kSynced) ++syncs;
  });
  v1::SettleReply reply;
  const auto settled = group.Settle(1, request, kNow, &reply);
  EXPECT_EQ(reply.not_held_size(), 0);
  EXPECT_EQ(reply.in_flight(), 0U);
  MustWrite(*store, settled.rows);
  const GroupStore::Ticket ticket = store->written();
  store->Sync();
  AwaitWake();
  EXPECT_GE(store->synced(), ticket);
  EXPECT_EQ(writes, 1);
  EXPECT_EQ(syncs, 1);
  disk_.Observe({});
}

}  // namespace
}  // namespace entente::query
