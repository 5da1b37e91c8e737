// Opening a log after the disk, the power or a person did something to it: all that was
// acknowledged, or a refusal that says what is missing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "log/log.h"
#include "log/recovery.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

using Fault = FaultyFileSystem::Fault;
using testing::HasSubstr;
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
  EXPECT_EQ(error.field, files_.commits.string());
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

TEST_F(RecoveryTest, ATornWitnessIsNoEvidence) {
  Open();
  Append(2);
  Close();
  std::fstream file(files_.witness, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(10);
  file.put('\x7f');
  file.close();
  Open();
  EXPECT_EQ(Head(), 2);
}

}  // namespace
}  // namespace entente::log
