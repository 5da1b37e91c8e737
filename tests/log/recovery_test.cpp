// Opening a log after the disk, the power or a person did something to it: all that was
// acknowledged, or a refusal that says what is missing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <xxhash.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "log/commit_layout.h"
#include "log/log.h"
#include "log/recovery.h"
#include "log/witness.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/how_thorough.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

using Fault = FaultyFileSystem::Fault;
using testing::AllOf;
using testing::AnyOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

const std::string kTalks = "meeting/jp-in-2021-04";

class RecoveryTest : public testing::Test {
 protected:
  LogOptions Options() {
    LogOptions options;
    options.env = disk_.env();
    options.segment_events = 1 << 20;
    return options;
  }
  void Open() {
    log_ = OpenOrFail(directory_.path(), Options());
    if (log_) client_ = std::make_unique<LogClient>(*log_);
  }
  void Close() {
    client_.reset();
    log_.reset();
  }
  // Appends one event a commit: `prefix`0, `prefix`1 …
  void Append(int count, const std::string& prefix = "id-") {
    for (int i = 0; i < count; ++i) {
      client_->MustAppend(Batch({Held(kTalks, prefix + std::to_string(i))}));
    }
  }
  // The power goes off: what runs stops, what was not synced is gone.
  void CutPower() {
    disk_.Set(Fault::kEverything);
    Close();
    disk_.ForgetUnsynced();
  }
  Error OpeningFails() {
    const auto log = Log::Open(directory_.path(), Options());
    if (log) {
      ADD_FAILURE() << "opened";
      return {};
    }
    return log.error();
  }
  // Removes the commit at a position with RocksDB's own means, durably.
  void RemoveCommit(std::uint64_t position) {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, files_.commits.string(), &db).ok());
    const std::unique_ptr<rocksdb::DB> owner(db);
    std::string key(8, '\0');
    PutBig(key.data(), position);
    rocksdb::WriteOptions synced;
    synced.sync = true;
    ASSERT_TRUE(db->Delete(synced, key).ok());
  }
  // Changes the stored commit that begins at a position; its checksum is made right again.
  void ChangeCommit(std::uint64_t position, const std::function<void(std::string&)>& change) {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, files_.commits.string(), &db).ok());
    const std::unique_ptr<rocksdb::DB> owner(db);
    std::string key(8, '\0');
    PutBig(key.data(), position);
    std::string bytes;
    ASSERT_TRUE(db->Get({}, key, &bytes).ok());
    change(bytes);
    const std::size_t covered = bytes.size() - layout::kChecksumSize;
    PutLittle(bytes.data() + covered, XXH3_64bits(bytes.data(), covered));
    ASSERT_TRUE(db->Put({}, key, bytes).ok());
  }
  // The same, and its hash is made right again too.
  void ForgeCommit(std::uint64_t position, const std::function<void(std::string&)>& change) {
    ChangeCommit(position, [&](std::string& bytes) {
      change(bytes);
      const auto count = GetLittle<std::uint32_t>(bytes.data() + layout::kCountAt);
      Sha256 sha;
      const Digest hash =
          sha.Of(std::string_view(bytes).substr(0, layout::kHeaderSize + count * layout::kRowSize));
      bytes.replace(bytes.size() - layout::kTrailerSize, hash.size(), BytesOf(hash));
    });
  }
  // Name and content of every file of the store; the lock that RocksDB leaves is empty.
  std::map<std::string, std::string> Stored() const {
    std::map<std::string, std::string> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(files_.commits, none)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      files.emplace(entry.path().filename().string(), std::move(content));
    }
    return files;
  }
  fs::path TheWal() const {
    fs::path wal;
    for (const auto& entry : fs::directory_iterator(files_.commits)) {
      if (entry.path().extension() == ".log" && (wal.empty() || entry.file_size() > 0)) {
        wal = entry.path();
      }
    }
    return wal;
  }
  std::uint64_t Head() const { return log_->durable().position.value(); }

  ScratchDirectory directory_;
  LogFiles files_{directory_.path()};
  FaultyFileSystem disk_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<LogClient> client_;
};

TEST_F(RecoveryTest, APowerCutLosesNothingAcknowledged) {
  Open();
  Append(10);
  CutPower();
  Open();
  ASSERT_TRUE(log_);
  EXPECT_EQ(Head(), 10);
  EXPECT_TRUE(log_->status().notes.empty());
}

TEST_F(RecoveryTest, AfterAFailedSyncNothingIsTaken) {
  Open();
  Append(3);
  disk_.Set(Fault::kSyncs);
  const auto failed = client_->Append(Batch({Held(kTalks, "a")}));
  ASSERT_EQ(failed.errors.size(), 1);
  EXPECT_EQ(failed.errors[0].reason, Reason::kLogReadOnly);
  disk_.Set(Fault::kNone);  // a retry on the same handle would be a lie
  EXPECT_EQ(client_->Append(Batch({Held(kTalks, "b")})).errors[0].reason, Reason::kLogReadOnly);
  EXPECT_TRUE(log_->status().read_only);
  EXPECT_THAT(log_->status().notes.at(0), HasSubstr("made to fail"));
  EXPECT_EQ(Head(), 3);
  EXPECT_EQ(AllEvents(*log_).size(), 3);
}

TEST_F(RecoveryTest, AfterAFailedWriteNothingIsTaken) {
  Open();
  Append(3);
  disk_.Set(Fault::kWrites);
  EXPECT_EQ(client_->Append(Batch({Held(kTalks, "a")})).errors[0].reason, Reason::kLogReadOnly);
  disk_.Set(Fault::kNone);
  EXPECT_EQ(client_->Append(Batch({Held(kTalks, "b")})).errors[0].reason, Reason::kLogReadOnly);
  EXPECT_TRUE(log_->status().read_only);
  Close();
  Open();
  EXPECT_EQ(Head(), 3);
  Append(1, "c");
}

// After a failed sync the page cache shows what the disk may not hold. Reopening reads it from
// there and calls it durable, so it has to have written it again.
TEST_F(RecoveryTest, WhatReopeningFoundIsDurable) {
  Open();
  Append(3);
  disk_.Set(Fault::kSyncs);
  EXPECT_FALSE(client_->Append(Batch({Held(kTalks, "a")})).errors.empty());
  Close();
  disk_.Set(Fault::kNone);
  Open();
  ASSERT_EQ(Head(), 4);
  CutPower();
  Open();
  ASSERT_TRUE(log_);
  EXPECT_EQ(Head(), 4);
}

// The unsynced end of a WAL may reach the disk in part.
TEST_F(RecoveryTest, HalfWrittenTailsAreCut) {
  std::mt19937_64 random(20210424);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 25; ++round) {
    Open();
    ASSERT_TRUE(log_);
    ASSERT_GE(Head(), acknowledged);
    acknowledged = Head();
    Append(2, fmt::format("kept-{}-", round));
    acknowledged += 2;
    disk_.Set(Fault::kSyncs);
    const int lost = static_cast<int>(random() % 3) + 1;
    for (int i = 0; i < lost; ++i) {
      client_->Send(Batch({Held(kTalks, fmt::format("lost-{}-{}", round, i))}));
    }
    Close();
    disk_.ForgetUnsynced([&](std::uint64_t synced, std::uint64_t size) {
      return synced + random() % (size - synced + 1);
    });
  }
}

TEST_F(RecoveryTest, AcknowledgedEventsThatAreGoneAreMissed) {
  Open();
  Append(5);
  Close();
  for (const auto& entry : fs::directory_iterator(files_.commits)) {
    if (entry.path().extension() == ".log") fs::resize_file(entry.path(), entry.file_size() / 2);
  }
  const Error error = OpeningFails();
  EXPECT_EQ(error.reason, Reason::kLogLost);
  EXPECT_THAT(error.message, HasSubstr("the witness file says that position 5 was durable"));
  EXPECT_THAT(error.field, AllOf(StartsWith(files_.commits.string()), EndsWith(".log")));
  EXPECT_TRUE(error.position);
}

TEST_F(RecoveryTest, ALogThatIsGoneIsMissed) {
  Open();
  Append(5);
  Close();
  fs::remove_all(files_.commits);
  EXPECT_EQ(OpeningFails().reason, Reason::kLogLost);
}

TEST_F(RecoveryTest, WithoutWitnessATruncatedTailIsTakenForUnsynced) {
  Open();
  Append(5);
  Close();
  fs::remove(files_.witness);
  for (const auto& entry : fs::directory_iterator(files_.commits)) {
    if (entry.path().extension() == ".log") fs::resize_file(entry.path(), entry.file_size() - 1);
  }
  Open();
  EXPECT_EQ(Head(), 4);
  Append(1, "new");
}

// What was never synced may come out as zeros, from any place on.
TEST_F(RecoveryTest, ATailOfZerosIsCut) {
  Open();
  Append(3);
  const fs::path wal = TheWal();
  const std::uint64_t synced = fs::file_size(wal);
  disk_.Set(Fault::kSyncs);
  EXPECT_FALSE(client_->Append(Batch({Held(kTalks, "a")})).errors.empty());
  Close();
  disk_.Set(Fault::kNone);
  const std::uint64_t size = fs::file_size(wal);
  ASSERT_GT(size, synced);
  const ScratchDirectory whole;
  fs::copy(directory_.path(), whole.path(), fs::copy_options::recursive);
  for (std::uint64_t at = synced; at < size; at += Thoroughly(1, 29)) {
    fs::remove_all(directory_.path());
    fs::copy(whole.path(), directory_.path(), fs::copy_options::recursive);
    fs::resize_file(wal, at);
    fs::resize_file(wal, size);
    Open();
    ASSERT_TRUE(log_) << at;
    EXPECT_EQ(Head(), 3) << at;
    Append(1, "new");
    Close();
  }
}

TEST_F(RecoveryTest, ZerosWhereSomethingWasSyncedAreRefused) {
  Open();
  Append(3);
  const fs::path wal = TheWal();
  Close();
  const std::uint64_t size = fs::file_size(wal);
  const auto whole = Stored().at(wal.filename().string());
  for (std::uint64_t at = 0; at < size; at += Thoroughly(1, 29)) {
    fs::resize_file(wal, at);
    fs::resize_file(wal, size);
    const Error error = OpeningFails();
    EXPECT_THAT(error.reason, AnyOf(Reason::kLogLost, Reason::kStoreDamaged)) << at;
    EXPECT_EQ(error.field, wal.string()) << at;
    std::ofstream(wal, std::ios::binary) << whole;
  }
  Open();
  EXPECT_EQ(Head(), 3);
}

// An older WAL that ends short and a newer one that is whole: RocksDB opens it without a word.
TEST_F(RecoveryTest, AHoleBetweenTwoWalsIsRefused) {
  Open();
  Append(5);
  Close();
  const fs::path older = TheWal();
  const ScratchDirectory before;
  fs::copy(directory_.path(), before.path(), fs::copy_options::recursive);
  Open();  // what is there by now goes to a table file, and a new WAL begins
  Append(5, "later-");
  Close();
  const fs::path newer = TheWal();
  ASSERT_NE(newer, older);
  const std::string second = Stored().at(newer.filename().string());
  const auto lay_out = [&] {  // as if nothing had gone to a table file yet, and without a witness
    fs::remove_all(directory_.path());
    fs::copy(before.path(), directory_.path(), fs::copy_options::recursive);
    std::ofstream(newer, std::ios::binary) << second;
    fs::remove(files_.witness);
  };
  lay_out();
  const std::uint64_t size = fs::file_size(older);
  for (std::uint64_t at = 0; at < size; at += Thoroughly(1, 29)) {
    lay_out();
    fs::resize_file(older, at);
    const Error error = OpeningFails();
    EXPECT_THAT(error.reason, AnyOf(Reason::kLogLost, Reason::kStoreDamaged)) << at;
  }
  lay_out();
  Open();
  EXPECT_EQ(Head(), 10);
}

// What RocksDB drops of a damaged WAL is kept for people, and said.
TEST_F(RecoveryTest, ADamagedWalIsKeptAside) {
  Open();
  Append(3);
  Close();
  fs::remove(files_.witness);
  fs::path wal;
  for (const auto& entry : fs::directory_iterator(files_.commits)) {
    if (entry.path().extension() == ".log") wal = entry.path();
  }
  const auto size = fs::file_size(wal);
  std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(size) - 50);
  file.put('\x7f');
  file.close();
  Open();
  ASSERT_TRUE(log_);
  EXPECT_EQ(Head(), 2);
  EXPECT_THAT(log_->status().notes.at(0), HasSubstr(wal.filename().string()));
  EXPECT_EQ(fs::file_size(files_.damaged / "1" / wal.filename()), size);
  Append(1, "new");
}

TEST_F(RecoveryTest, AHoleBelowWhatWasDurableIsRefused) {
  Open();
  Append(5);
  Close();
  fs::remove(files_.witness);
  RemoveCommit(2);
  const Error error = OpeningFails();
  EXPECT_EQ(error.reason, Reason::kLogLost);
  EXPECT_EQ(error.position, Position(2));
  EXPECT_THAT(error.message,
              HasSubstr("the commit at position 5 says that position 4 was durable"));
}

// What is written while a sync runs may not be covered by it.
TEST_F(RecoveryTest, ASyncVouchesOnlyForWhatWasWrittenBeforeIt) {
  auto store = RocksStore::Open(files_.commits, {disk_.env()});
  ASSERT_TRUE(store);
  Sha256 sha;
  ChainPoint end;
  const auto write_next = [&] {
    const v1::AppendRequest request =
        Batch({Held(kTalks, std::to_string(end.position.value() + 1))});
    const PreparedBatch batch = Prepare(request, request.ByteSizeLong(), sha);
    const AdmittedEvent event{batch.events.data(), batch.body(batch.events[0]),
                              Revision(end.position.value() + 1), 1};
    CommitHead head;
    head.first = end.position.Next();
    head.previous = end.hash;
    EncodedCommit encoded = EncodeCommit(head, std::span(&event, 1), sha);
    const StoredCommit commit{head.first, head.first, std::move(encoded.bytes)};
    EXPECT_TRUE((*store)->Write(end.position, std::span(&commit, 1)));
    end = {head.first, encoded.hash};
  };
  write_next();
  bool under_way = false;
  disk_.Observe([&](FaultyFileSystem::Operation operation, const std::string& path) {
    const bool wal = path.ends_with(".log");
    if (!wal || operation != FaultyFileSystem::Operation::kSync || under_way) return;
    under_way = true;
    std::thread(write_next).join();
  });
  EXPECT_EQ(*(*store)->Sync(), Position(1));
  EXPECT_TRUE(under_way);
  EXPECT_EQ((*store)->head(), Position(2));
  disk_.Observe(nullptr);
  EXPECT_EQ(*(*store)->Sync(), Position(2));
}

// What an older WAL that ends short and a newer one that is whole leave behind.
TEST_F(RecoveryTest, AHoleAboveWhatWasDurableIsCut) {
  Open();
  Append(3);
  disk_.Set(Fault::kSyncs);  // both are written while nothing more becomes durable
  client_->Wait(client_->Send(Batch({Held(kTalks, "a")})));
  Close();
  disk_.Set(Fault::kNone);
  LogOptions two_commits = Options();
  {
    // Two commits that both say "durable through 3", of which the first goes missing.
    auto store = RocksStore::Open(files_.commits, {disk_.env()});
    ASSERT_TRUE(store);
    auto commits = (*store)->Read(Position(4), Position(4), 0);
    ASSERT_TRUE(commits && commits->size() == 1);
    const auto fourth = CommitView::Parse(commits->front());
    ASSERT_TRUE(fourth);
    Sha256 sha;
    v1::AppendRequest request = Batch({Held(kTalks, "b")});
    const PreparedBatch batch = Prepare(request, request.ByteSizeLong(), sha);
    const AdmittedEvent event{batch.events.data(), batch.body(batch.events[0]), Revision(5), 1};
    CommitHead head;
    head.first = Position(5);
    head.recorded = fourth->recorded();
    head.wall_ms = fourth->wall_ms();
    head.durable_through = Position(3);
    head.previous = fourth->hash();
    const StoredCommit fifth{Position(5), Position(5),
                             EncodeCommit(head, std::span(&event, 1), sha).bytes};
    ASSERT_TRUE((*store)->Write(Position(4), std::span(&fifth, 1)));
    ASSERT_TRUE((*store)->Sync());
  }
  RemoveCommit(4);
  Open();
  EXPECT_EQ(Head(), 3);
  EXPECT_THAT(log_->status().notes.at(0),
              HasSubstr("Positions 4 to 5 were written before a crash"));
  Append(2, "new");
  Close();
  Open();
  EXPECT_EQ(Head(), 5);
}

// An append of several commits is there whole or not at all, whatever of it was read.
TEST_F(RecoveryTest, AnUnfinishedAppendIsCut) {
  Open();
  Append(3);
  Close();
  ForgeCommit(3, [](std::string& commit) {
    PutLittle(commit.data() + layout::kFlagsAt, layout::kContinues);
  });
  fs::remove(files_.witness);
  Open();
  ASSERT_TRUE(log_);
  EXPECT_EQ(Head(), 2);
  EXPECT_THAT(log_->status().notes.at(0),
              HasSubstr("Positions 3 to 3 were written before a crash"));
  Append(2, "new");
  Close();
  Open();
  EXPECT_EQ(Head(), 4);
}

TEST_F(RecoveryTest, ABrokenChainIsRefused) {
  const auto change_revision = [](std::string& commit) {
    commit[layout::kHeaderSize + layout::kRevisionAt] ^= 2;
  };
  struct Case {
    std::function<void()> change;
    std::uint64_t position;
    const char* message;
  };
  const Case cases[] = {
      {[&] { ChangeCommit(2, change_revision); }, 2, "do not have the hash stored with them"},
      {[&] { ForgeCommit(2, change_revision); }, 3, "does not continue the chain"},
      {[&] {
         ForgeCommit(3, [](std::string& commit) {
           PutLittle(commit.data() + layout::kDurableThroughAt, std::uint64_t{3});
         });
       },
       3, "says that it was durable before it was written"},
  };
  for (const Case& c : cases) {
    fs::remove_all(files_.commits);
    fs::remove_all(files_.index);
    fs::remove(files_.witness);
    Open();
    Append(3);
    Close();
    fs::remove(files_.witness);
    c.change();
    const Error error = OpeningFails();
    EXPECT_EQ(error.reason, Reason::kStoreDamaged) << c.message;
    EXPECT_EQ(error.position, Position(c.position)) << c.message;
    EXPECT_THAT(error.message, HasSubstr(c.message));
  }
}

// A commit that lies where another was: the key says which it should be.
TEST_F(RecoveryTest, ACommitUnderTheKeyOfAnotherIsRefused) {
  Open();
  Append(3);
  Close();
  fs::remove(files_.witness);
  std::string second;
  ChangeCommit(2, [&](std::string& commit) { second = commit; });
  ChangeCommit(3, [&](std::string& commit) { commit = second; });
  const Error error = OpeningFails();
  EXPECT_EQ(error.reason, Reason::kStoreDamaged);
  EXPECT_THAT(error.message, HasSubstr("the commit under position 3 says it begins at 2"));
}

// Whoever repairs a log by hand finds it as it was when it was refused.
TEST_F(RecoveryTest, ARefusedLogIsLeftAsItWas) {
  const auto half = [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 2); };
  const auto flip = [](const fs::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(path) / 2));
    file.put('\x7f');
  };
  struct Case {
    const char* what;
    std::function<void()> damage;
  };
  const Case cases[] = {
      {"a WAL cut short", [&] { half(TheWal()); }},
      {"a WAL with a flipped byte", [&] { flip(TheWal()); }},
      {"no WAL", [&] { fs::remove(TheWal()); }},
      {"no CURRENT", [&] { fs::remove(files_.commits / "CURRENT"); }},
      {"no CURRENT and no witness",
       [&] {
         fs::remove(files_.commits / "CURRENT");
         fs::remove(files_.witness);
       }},
      {"a commit removed", [&] { RemoveCommit(6); }},
      {"a commit of a newer format",
       [&] {
         ChangeCommit(6, [](std::string& commit) {
           PutLittle(commit.data() + layout::kVersionAt, std::uint16_t{2});
         });
       }},
  };
  for (const Case& c : cases) {
    fs::remove_all(files_.commits);
    fs::remove_all(files_.index);
    fs::remove(files_.witness);
    Open();
    Append(5);
    Close();
    Open();  // what is there by now lies in a table file
    Append(5, "later-");
    Close();
    c.damage();
    const auto before = Stored();
    const Error refused = OpeningFails();
    EXPECT_FALSE(refused.field.empty()) << c.what;
    EXPECT_EQ(Stored(), before) << c.what << ": " << refused.ToString();
  }
}

TEST_F(RecoveryTest, ACommitOfANewerFormatIsRefusedWithItsVersion) {
  Open();
  Append(3);
  Close();
  ChangeCommit(3, [](std::string& commit) {
    PutLittle(commit.data() + layout::kVersionAt, std::uint16_t{2});
  });
  const Error error = OpeningFails();
  EXPECT_EQ(error.reason, Reason::kStoreFormat);
  EXPECT_THAT(error.message, HasSubstr("format 2"));
  EXPECT_THAT(error.field, StartsWith(files_.commits.string()));
}

// RocksDB would end the process.
TEST_F(RecoveryTest, AfterAFailedWriteNoSyncIsTried) {
  auto store = RocksStore::Open(files_.commits, {disk_.env()});
  ASSERT_TRUE(store);
  disk_.Set(Fault::kWrites);
  const StoredCommit commit{Position(1), Position(1), "a commit"};
  EXPECT_FALSE((*store)->Write(Position(0), std::span(&commit, 1)));
  const auto synced = (*store)->Sync();
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().reason, Reason::kStoreIo);
}

// A sync of two WAL files comes to the second when a write to that has failed meanwhile: to find
// this out would end the process.
TEST_F(RecoveryTest, AWriteMayFailBesideASync) {
  using Operation = FaultyFileSystem::Operation;
  auto opened = RocksStore::Open(files_.commits, {disk_.env()});
  ASSERT_TRUE(opened);
  RocksStore& store = **opened;
  std::promise<void> begun;
  std::promise<void> refused;
  std::promise<void> over;
  auto returned = refused.get_future();
  const auto end = over.get_future().share();
  disk_.Observe([&, end, told = false](Operation operation, const std::string& path) mutable {
    // While no table holds what the first file does, it stays.
    if (operation == Operation::kCreate && path.ends_with(".sst")) return end.wait();
    if (operation != Operation::kSync || std::exchange(told, true)) return;
    begun.set_value();
    // The write has all the time it needs to return first.
    returned.wait_for(std::chrono::milliseconds(300));
  });
  // More than goes into one file.
  const StoredCommit large{Position(1), Position(1), std::string(65 << 20, 'x')};
  ASSERT_TRUE(store.Write(Position(0), std::span(&large, 1)));
  const StoredCommit next{Position(2), Position(2), "a commit"};
  ASSERT_TRUE(store.Write(Position(1), std::span(&next, 1)));
  auto synced = std::async(std::launch::async, [&store] { return store.Sync(); });
  begun.get_future().wait();
  disk_.Set(Fault::kWrites);
  const StoredCommit last{Position(3), Position(3), "another"};
  EXPECT_FALSE(store.Write(Position(2), std::span(&last, 1)));
  refused.set_value();
  const auto durable = synced.get();
  ASSERT_TRUE(durable) << "what was written before is on disk";
  EXPECT_EQ(*durable, Position(2));
  EXPECT_FALSE(store.Sync());
  over.set_value();
  disk_.Observe(nullptr);
}

// The power goes off at any of the operations that follow, with thousands of appends in flight:
// what was acknowledged by then is there, at its position, and nothing that was never sent.
TEST_F(RecoveryTest, APowerCutWithThousandsInFlight) {
  constexpr std::size_t kBatches = 3'000;
  std::mt19937 random(20210424);
  std::map<std::string, std::uint64_t> acknowledged;
  std::set<std::string> intended;
  const int rounds = Thoroughly(60, 6);
  for (int round = 0; round < rounds; ++round) {
    Open();
    ASSERT_TRUE(log_);
    // Some are told before, so that there is something to lose however soon the power goes.
    for (int i = 0; i < 10; ++i) {
      const std::string id = fmt::format("{}-before-{}", round, i);
      intended.insert(id);
      const auto reply = client_->MustAppend(Batch({Held(kTalks, id)}));
      acknowledged.emplace(id, reply.events(0).position());
    }
    const std::uint64_t stored_before = Head();
    // The first sync waits until everything has been sent.
    std::promise<void> all_sent;
    std::shared_future<void> wait = all_sent.get_future().share();
    std::atomic<int> left{static_cast<int>(random() % 8) + 2};
    std::atomic<bool> held{true};
    disk_.Observe([&](FaultyFileSystem::Operation operation, const std::string& path) {
      if (!path.ends_with(".log") || !path.starts_with(files_.commits.string())) return;
      if (operation == FaultyFileSystem::Operation::kSync && held.exchange(false)) wait.wait();
      if (!held && --left == 0) disk_.Set(Fault::kEverything);
    });
    std::vector<std::uint64_t> tokens;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < kBatches; ++i) {
      ids.push_back(fmt::format("{}-{}", round, i));
      intended.insert(ids.back());
      v1::NewEvent event = Held(kTalks, ids.back());
      event.set_correlation_id(std::string(500, 'x'));  // so that they make several writes
      tokens.push_back(client_->Send(Batch({std::move(event)})));
    }
    ASSERT_EQ(log_->durable().position.value(), stored_before) << "all are in flight";
    all_sent.set_value();
    std::size_t lost = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const Answer answer = client_->Wait(tokens[i]);
      if (answer.errors.empty()) {
        acknowledged.emplace(ids[i], answer.reply.events(0).position());
      } else {
        ++lost;
      }
    }
    CutPower();
    disk_.Observe([](FaultyFileSystem::Operation, const std::string&) {});
    Open();
    ASSERT_TRUE(log_) << "round " << round;
    std::map<std::string, std::uint64_t> stored;
    for (const auto& event : AllEvents(*log_)) {
      ASSERT_EQ(event.position(), stored.size() + 1);
      ASSERT_TRUE(intended.contains(event.event().id()));
      ASSERT_TRUE(stored.emplace(event.event().id(), event.position()).second);
    }
    for (const auto& [id, position] : acknowledged) {
      ASSERT_TRUE(stored.contains(id)) << "round " << round << ": lost " << id;
      ASSERT_EQ(stored.at(id), position);
    }
    EXPECT_GT(lost, 0) << "the power went off too late to matter";
    Close();
  }
  EXPECT_FALSE(acknowledged.empty());
}

TEST_F(RecoveryTest, AnotherCommitThanTheWitnessedIsRefused) {
  Open();
  Append(2);
  Close();
  const fs::path witness = directory_.path() / "witness-of-the-first";
  fs::rename(files_.witness, witness);
  fs::remove_all(files_.commits);
  fs::remove_all(files_.index);
  Open();
  Append(2, "other-");
  Close();
  fs::rename(witness, files_.witness);
  const Error error = OpeningFails();
  EXPECT_EQ(error.reason, Reason::kLogLost);
  EXPECT_THAT(error.message, HasSubstr("knows another commit at position 2"));
}

// What was told is never ahead of the witness, or a loss of just that would go unnoticed.
TEST_F(RecoveryTest, TheWitnessKnowsWhatIsTold) {
  Open();
  client_.reset();
  std::promise<std::optional<ChainPoint>> at_outcome;
  std::promise<std::optional<ChainPoint>> at_durable;
  log_->OnOutcome([&] { at_outcome.set_value(Witness::Read(files_.witness)); });
  log_->OnDurable([&](Position) { at_durable.set_value(Witness::Read(files_.witness)); });
  log_->Append(1, Batch({Held(kTalks, "a")}));
  EXPECT_EQ(at_outcome.get_future().get().value_or(ChainPoint{}).position, Position(1));
  EXPECT_EQ(at_durable.get_future().get().value_or(ChainPoint{}).position, Position(1));
  Close();
}

TEST_F(RecoveryTest, ATornWitnessIsNoEvidence) {
  Open();
  Append(2);
  Close();
  std::fstream file(files_.witness, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(10);
  file.put('\x7f');
  file.close();
  Open();
  ASSERT_TRUE(log_);
  EXPECT_EQ(Head(), 2);
}

}  // namespace
}  // namespace entente::log
