// The invariants of the index: it follows the log, and no decision is made without it.
//
//   1  never ahead of the durable log, taken over atomically
//        IsNeverAheadOfTheDurableLog, ASegmentIsTakenOverWholeOrNotAtAll,
//        AheadOfTheLogItIsEvidenceOfLoss, OfAnotherLogItIsBuiltAnew
//   2  every durable position is in the index or in the tail
//        NoIdIsForgottenAtAnyBorder, NothingIsDecidedBeforeTheTailIsRebuilt
//   3  the order of looking up; a sealed segment answers until the index does
//        ASealedSegmentAnswersUntilTheIndexDoes, TheNewestPlaceAnswersFirst
//   4  the filter forgets nothing, a hit is compared with the log
//        IdFilter.ForgetsNothing, KnownIds.AHitIsComparedWithTheLog,
//        AnEventOfAnotherIdUnderTheKeyIsNoDuplicate
//   5  readers stop at the durable position
//        ReadersStopAtTheDurablePosition, ADuplicateWaitsForItsFirst,
//        ADuplicateOfWhatWasNotSyncedIsRefused
//   6  the tail is bounded, and with it what opening reads again
//        TheTailIsBounded, AnIndexThatFailsStopsAppendsWhenTheTailIsFull,
//        OpeningReadsAgainWhatTheTailHeld, AnOrderlyCloseLeavesLessThanASegment
#include "log/index.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "log/group_commit.h"
#include "log/log.h"
#include "log/recovery.h"
#include "log/witness.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

namespace fs = std::filesystem;
using Operation = FaultyFileSystem::Operation;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// Lets those who pass wait while it is shut.
class Gate {
 public:
  void Shut() { Set(true); }
  void Open() { Set(false); }
  void Pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !shut_; });
  }

 private:
  void Set(bool shut) {
    const std::lock_guard lock(mutex_);
    shut_ = shut;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool shut_ = false;
};

template <class Condition>
bool Eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return false;
}

// Too large for the writer to sync it itself, so that it decides on while the sync hangs; and large
// enough for a write beside it, with which the outcomes of what was decided come.
v1::AppendRequest Large(const std::string& id) {
  v1::AppendRequest batch = Batch({EventOf(id)});
  batch.mutable_events(0)->set_correlation_id(std::string(300'000, 'x'));
  return batch;
}

class IndexTest : public testing::Test {
 protected:
  IndexTest() {
    disk_.Observe([this](Operation operation, const std::string& path) {
      if (path.ends_with(".run") && operation == Operation::kCreate) index_gate_.Pass();
      if (path.ends_with(".log") && path.starts_with(files_.commits.string()) &&
          operation == Operation::kSync) {
        sync_gate_.Pass();
      }
    });
  }
  ~IndexTest() override { Close(); }

  LogOptions Options() {
    LogOptions options;
    options.env = disk_.env();
    options.segment_events = 4;
    options.tail_events_max = 12;
    return options;
  }
  void Open() {
    log_ = OpenOrFail(directory_.path(), Options());
    if (log_) client_ = std::make_unique<LogClient>(*log_);
  }
  void Close() {
    index_gate_.Open();
    sync_gate_.Open();
    client_.reset();
    log_.reset();
  }
  void Append(int from, int to) {
    for (int i = from; i < to; ++i) {
      client_->MustAppend(Batch({EventOf(fmt::format("id-{}", i))}));
    }
  }
  // Are the ids all known, each under its own position?
  void ExpectKnown(int from, int to) {
    for (int i = from; i < to; ++i) {
      const auto reply = client_->MustAppend(Batch({EventOf(fmt::format("id-{}", i))}));
      EXPECT_TRUE(reply.events(0).duplicate()) << i;
      EXPECT_EQ(reply.events(0).position(), i + 1);
    }
  }
  ChainPoint IndexedTo() {
    const auto index = Index::Open(files_.index, disk_.env());
    return (*index)->indexed_to();
  }

  ScratchDirectory directory_;
  LogFiles files_{directory_.path()};
  FaultyFileSystem disk_;
  Gate index_gate_;
  Gate sync_gate_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<LogClient> client_;
};

TEST_F(IndexTest, IsNeverAheadOfTheDurableLog) {
  Open();
  Append(0, 2);
  sync_gate_.Shut();
  std::vector<std::uint64_t> tokens;
  for (int i = 2; i < 11; ++i) {
    // Large enough to be written beside the sync that hangs, so that segments are sealed that are
    // not durable.
    tokens.push_back(client_->Send(Large(fmt::format("id-{}", i))));
  }
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 11; }));
  {
    // Another log meanwhile hands over a segment: time enough for this one to have done so.
    ScratchDirectory elsewhere;
    const auto other = OpenOrFail(elsewhere.path(), Options());
    LogClient client(*other);
    for (int i = 0; i < 5; ++i) client.MustAppend(Batch({EventOf(std::to_string(i))}));
    ASSERT_TRUE(Eventually([&] { return other->status().index_backlog == 1; }));
  }
  EXPECT_EQ(log_->status().index_backlog, 11);
  disk_.Set(FaultyFileSystem::Fault::kEverything);
  Close();
  disk_.ForgetUnsynced();
  EXPECT_LE(IndexedTo().position, Position(2));
  Open();
  EXPECT_GE(log_->durable().position, Position(2));
  ExpectKnown(0, 2);
}

// What a process left that was killed while it wrote is no part of the index, and goes.
TEST_F(IndexTest, ARunThatIsNotOnTheListIsRemoved) {
  Open();
  Append(0, 5);
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  Close();
  fs::copy(files_.index / "1.run", files_.index / "2.run");
  std::ofstream(files_.index / "runs.new") << "half of";
  Open();
  EXPECT_FALSE(fs::exists(files_.index / "2.run"));
  Append(5, 9);
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  Close();
  Open();
  ExpectKnown(0, 9);
}

TEST_F(IndexTest, AheadOfTheLogItIsEvidenceOfLoss) {
  Open();
  Append(0, 5);
  Close();
  const fs::path earlier = directory_.path() / "earlier";
  fs::copy(files_.commits, earlier, fs::copy_options::recursive);
  Open();
  Append(5, 9);
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  Close();
  fs::remove_all(files_.commits);
  fs::rename(earlier, files_.commits);
  fs::remove(files_.witness);
  const auto log = Log::Open(directory_.path(), Options());
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().reason, Reason::kLogLost);
  EXPECT_THAT(log.error().message, HasSubstr("the index says that position 8 was durable"));
}

TEST_F(IndexTest, OfAnotherLogItIsBuiltAnew) {
  const fs::path other = directory_.path() / "index-of-another";
  Open();
  for (int i = 0; i < 9; ++i) client_->MustAppend(Batch({EventOf(fmt::format("other-{}", i))}));
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  Close();
  fs::rename(files_.index, other);
  fs::remove_all(files_.commits);
  fs::remove(files_.witness);
  Open();
  Append(0, 9);
  Close();
  fs::remove_all(files_.index);
  fs::rename(other, files_.index);
  Open();
  EXPECT_THAT(log_->status().notes,
              ElementsAre(HasSubstr("index did not belong to this log and was built anew")));
  ExpectKnown(0, 9);
  EXPECT_FALSE(client_->MustAppend(Batch({EventOf("other-3")})).events(0).duplicate());
}

TEST_F(IndexTest, OfAnotherFormatItIsBuiltAnew) {
  Open();
  Append(0, 9);
  Close();
  {
    std::fstream list(files_.index / "runs", std::ios::in | std::ios::out | std::ios::binary);
    list.seekp(8);
    list.put('\x07');
  }
  EXPECT_EQ(Index::Open(files_.index, disk_.env()).error().reason, Reason::kStoreFormat);
  Open();
  EXPECT_THAT(log_->status().notes, ElementsAre(AllOf(HasSubstr("the index is not of format 2"),
                                                      HasSubstr("built anew from the log"))));
  ExpectKnown(0, 9);
}

// Format 1 was a RocksDB.
TEST_F(IndexTest, OfTheFormatBeforeItIsBuiltAnew) {
  Open();
  Append(0, 9);
  Close();
  fs::remove_all(files_.index);
  fs::create_directory(files_.index);
  std::ofstream(files_.index / "CURRENT") << "MANIFEST-000005\n";
  Open();
  EXPECT_THAT(log_->status().notes, ElementsAre(HasSubstr("the index is not of format 2")));
  ExpectKnown(0, 9);
  EXPECT_FALSE(fs::exists(files_.index / "CURRENT"));
}

TEST_F(IndexTest, RemovedItIsBuiltAnew) {
  Open();
  Append(0, 23);
  Close();
  fs::remove_all(files_.index);
  Open();
  EXPECT_THAT(log_->status().notes, ElementsAre(HasSubstr("There was no index")));
  EXPECT_LE(log_->status().index_backlog, 4);
  ExpectKnown(0, 23);
  Position next;
  std::size_t events = 0;
  for (int m = 0; m < 97; ++m) {
    const auto stream = fmt::format("meeting/m-{}", m);
    events += log_->ReadStream(stream, Position(1), 1 << 20, &next)->size();
  }
  EXPECT_EQ(events, 23);
}

// Whatever happened to it, an index is no reason to refuse a log that is whole.
TEST_F(IndexTest, DamagedItIsBuiltAnew) {
  Open();
  Append(0, 9);
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  Close();
  const auto each = [&](std::string_view extension, const std::function<void(const fs::path&)>& f) {
    int files = 0;
    for (const auto& entry : fs::directory_iterator(files_.index)) {
      if (entry.path().filename().string().find(extension) == std::string::npos) continue;
      f(entry.path());
      ++files;
    }
    EXPECT_GT(files, 0) << extension;
  };
  // At the end, which opening reads.
  const auto spoil = [](const fs::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto bytes =
        static_cast<std::streamoff>(std::min<std::uintmax_t>(fs::file_size(path), 200));
    file.seekp(-bytes, std::ios::end);
    for (std::streamoff at = 0; at < bytes; ++at) file.put('\x5a');
  };
  const auto remove = [](const fs::path& path) { fs::remove(path); };
  const auto truncate = [](const fs::path& path) { fs::resize_file(path, 0); };
  const std::function<void()> damages[] = {
      [&] { each("runs", spoil); },
      [&] { each("runs", truncate); },
      [&] { each("runs", remove); },
      [&] { each(".run", spoil); },
      [&] { each(".run", remove); },
      [&] { each(".run", truncate); },
      [&] { std::ofstream(files_.index / "damaged"); },
  };
  for (std::size_t i = 0; i < std::size(damages); ++i) {
    damages[i]();
    Open();
    ASSERT_TRUE(log_) << i;
    EXPECT_THAT(log_->status().notes, ElementsAre(HasSubstr("built anew from"))) << i;
    ExpectKnown(0, 9);
    Close();
    Open();
    EXPECT_TRUE(log_->status().notes.empty()) << i;
    Close();
  }
}

// Damage that opening the index does not meet leaves a mark, and the log's next opening mends it.
TEST_F(IndexTest, DamageMetLaterIsMendedByTheNextOpening) {
  Open();
  Append(0, 9);
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  Close();
  const fs::path whole = directory_.path() / "whole";
  fs::rename(files_.index, whole);
  // In the blocks of ids, of places and of ends, which come first and in this order.
  for (const int block : {0, 1, 2}) {
    fs::remove_all(files_.index);
    fs::copy(whole, files_.index);
    {
      std::fstream file(files_.index / "1.run", std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(block * 4096 + 4);
      file.put('\x5a');
    }
    {
      const auto index = Index::Open(files_.index, disk_.env());
      ASSERT_TRUE(index) << index.error().ToString();
      Status met;
      if (block == 0) {
        const IdKey id = (*index)->keys().ForId("id-0");
        Position position;
        met = (*index)->FindIds(std::span(&id, 1), std::span(&position, 1));
      }
      if (block == 1) {
        const auto event = EventOf("id-0");
        const StreamKey stream = (*index)->keys().ForStream(event.stream());
        const auto positions = (*index)->StreamPositions(stream, Position(1), 10);
        if (!positions) met = Fail(positions.error());
      }
      if (block == 2) met = (*index)->ForEachStream([](const StreamKey&, Revision) {});
      ASSERT_FALSE(met) << block;
      EXPECT_EQ(met.error().reason, Reason::kStoreDamaged);
      EXPECT_THAT(met.error().message, HasSubstr("built anew when the log is opened next"));
      EXPECT_TRUE((*index)->marked());
    }
    Open();
    ASSERT_TRUE(log_);
    EXPECT_THAT(log_->status().notes, ElementsAre(HasSubstr("built anew from")));
    ExpectKnown(0, 9);
    Close();
  }
}

// Entries and indexed_to are one step, whichever part of it fails.
TEST_F(IndexTest, ASegmentIsTakenOverWholeOrNotAtAll) {
  for (int failing = 1; failing <= 7; ++failing) {
    ScratchDirectory directory;
    FaultyFileSystem disk;
    std::atomic<int> operations{0};
    std::atomic<bool> armed{false};
    disk.Observe([&](Operation operation, const std::string& path) {
      // The run and the list: made, written, synced; and the list renamed.
      const bool of_index = path.starts_with((directory.path() / "index").string());
      if (armed && of_index && operation != Operation::kSynced && ++operations == failing) {
        disk.Set(FaultyFileSystem::Fault::kEverything);
      }
    });
    const fs::path index_path = directory.path() / "index";
    Segment segment;
    segment.end.position = Position(3);
    std::vector<IdKey> keys;
    {
      const auto index = Index::Open(index_path, disk.env());
      ASSERT_TRUE(index);
      armed = true;
      for (std::uint64_t i = 1; i <= 3; ++i) {
        keys.push_back((*index)->keys().ForId(std::to_string(i)));
        ASSERT_TRUE(segment.Add({keys.back(), {i, 0}, Position(i), Revision(1)}));
      }
      const bool added = (*index)->Add(segment).has_value();
      armed = false;
      EXPECT_EQ(added, operations < failing) << failing;
    }
    disk.ForgetUnsynced();
    const auto index = Index::Open(index_path, disk.env());
    ASSERT_TRUE(index) << failing;
    const bool taken = (*index)->indexed_to().position == Position(3);
    std::vector<Position> positions(3);
    ASSERT_TRUE((*index)->FindIds(keys, positions));
    int streams = 0;
    ASSERT_TRUE((*index)->ForEachStream([&](const StreamKey&, Revision) { ++streams; }));
    for (std::uint64_t i = 1; i <= 3; ++i) {
      EXPECT_EQ(positions[i - 1], taken ? Position(i) : Position()) << failing;
      EXPECT_EQ((*index)->StreamPositions({i, 0}, Position(1), 9)->size(), taken ? 1 : 0);
    }
    EXPECT_EQ(streams, taken ? 3 : 0) << failing;
    EXPECT_EQ(taken, operations < failing) << failing;
  }
}

// Every durable position is in the index or in the tail, wherever the border lies.
TEST_F(IndexTest, NoIdIsForgottenAtAnyBorder) {
  for (int events = 1; events <= 14; ++events) {
    Open();
    Append(events - 1, events);
    ExpectKnown(0, events);
    Close();
    Open();
    ExpectKnown(0, events);
    Close();
  }
}

// The first append after opening is decided with all that is in the log, whatever the index had.
TEST_F(IndexTest, NothingIsDecidedBeforeTheTailIsRebuilt) {
  Open();
  index_gate_.Shut();
  Append(0, 11);  // two segments that no index ever saw, and an active one
  disk_.Set(FaultyFileSystem::Fault::kRuns);
  Close();
  disk_.Set(FaultyFileSystem::Fault::kNone);
  EXPECT_EQ(IndexedTo().position, Position());
  Open();
  EXPECT_TRUE(client_->MustAppend(Batch({EventOf("id-0")})).events(0).duplicate());
  ExpectKnown(0, 11);
}

TEST_F(IndexTest, ASealedSegmentAnswersUntilTheIndexDoes) {
  Open();
  index_gate_.Shut();
  Append(0, 9);  // two segments sealed, the first in the indexer's hands
  EXPECT_EQ(log_->status().index_backlog, 9);
  ExpectKnown(0, 9);
  const auto reply =
      client_->MustAppend(Batch({Held("meeting/m-x", "first"), Held("meeting/m-x", "second")}));
  EXPECT_EQ(reply.events(1).revision(), 2);
  index_gate_.Open();
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog <= 4; }));
  ExpectKnown(0, 9);
  EXPECT_EQ(client_->MustAppend(Batch({Held("meeting/m-x", "third")})).events(0).revision(), 3);
}

TEST_F(IndexTest, TheTailIsBounded) {
  Open();
  index_gate_.Shut();
  std::vector<std::uint64_t> tokens;
  // One batch a segment, so that each seals one: the active one, two sealed ones, and the one that
  // went over the bound.
  const auto send = [&](int segment) {
    std::vector<v1::NewEvent> events;
    for (int i = 0; i < 4; ++i) events.push_back(EventOf(fmt::format("id-{}", segment * 4 + i)));
    tokens.push_back(client_->Send(Batch(std::move(events))));
  };
  for (int segment = 0; segment < 10; ++segment) {
    send(segment);
    if (segment < 3) client_->Wait(tokens.back());
  }
  ASSERT_TRUE(Eventually([&] { return !log_->status().notes.empty(); }));
  EXPECT_THAT(log_->status().notes.at(0), HasSubstr("wait until the index"));
  EXPECT_EQ(log_->status().index_backlog, 12);
  index_gate_.Open();
  for (int segment = 3; segment < 10; ++segment) {
    EXPECT_TRUE(client_->Wait(tokens[static_cast<std::size_t>(segment)]).errors.empty());
  }
  ExpectKnown(0, 40);
  EXPECT_TRUE(log_->status().notes.empty());
}

// After a crash opening reads again what was in no index: at most what the tail may hold, and the
// events of the batch that went over it.
TEST_F(IndexTest, OpeningReadsAgainWhatTheTailHeld) {
  Open();
  index_gate_.Shut();
  constexpr int kBatch = 3;  // four of them are the twelve of the tail
  std::vector<std::uint64_t> tokens;
  for (int batch = 0; batch < 12; ++batch) {
    std::vector<v1::NewEvent> events;
    for (int i = 0; i < kBatch; ++i) {
      events.push_back(EventOf(fmt::format("id-{}", batch * kBatch + i)));
    }
    tokens.push_back(client_->Send(Batch(std::move(events))));
    if (batch < 4) client_->Wait(tokens.back());
  }
  ASSERT_TRUE(Eventually([&] { return !log_->status().notes.empty(); }));
  disk_.Set(FaultyFileSystem::Fault::kEverything);
  Close();
  disk_.ForgetUnsynced();
  Open();
  ASSERT_TRUE(log_);
  EXPECT_GE(log_->durable().position, Position(12));
  EXPECT_GE(log_->status().reread, 12);
  EXPECT_LE(log_->status().reread, 12 + kBatch);
  ExpectKnown(0, 12);
}

// Segments that waited for the index when the log was closed are handed over first.
TEST_F(IndexTest, AnOrderlyCloseLeavesLessThanASegment) {
  Open();
  index_gate_.Shut();
  Append(0, 11);
  EXPECT_EQ(log_->status().index_backlog, 11);
  Close();
  EXPECT_EQ(IndexedTo().position, Position(8));
  Open();
  EXPECT_EQ(log_->status().reread, 3);
  ExpectKnown(0, 11);
}

// Beside a sync that hangs only so much is written, however much waits.
TEST_F(IndexTest, WhatIsWrittenBesideASyncIsBounded) {
  LogOptions options = Options();
  options.unsynced_bytes_max = 1 << 20;
  options.tail_events_max = 1'000;
  log_ = OpenOrFail(directory_.path(), options);
  client_ = std::make_unique<LogClient>(*log_);
  sync_gate_.Shut();
  std::vector<std::uint64_t> tokens;
  for (int i = 0; i < 20; ++i) {
    tokens.push_back(client_->Send(Large(fmt::format("id-{}", i))));
  }
  // Three are 900 kB, which leaves room; the fourth goes over the bound.
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog >= 4; }));
  {
    // Another log meanwhile takes all of them: time enough for this one to have done so.
    ScratchDirectory elsewhere;
    const auto other = OpenOrFail(elsewhere.path(), Options());
    LogClient client(*other);
    for (int i = 0; i < 20; ++i) client.MustAppend(Batch({EventOf(std::to_string(i))}));
  }
  EXPECT_EQ(log_->status().index_backlog, 4);
  sync_gate_.Open();
  for (const std::uint64_t token : tokens) EXPECT_TRUE(client_->Wait(token).errors.empty());
  ExpectKnown(0, 20);
}

// An index that cannot be written is no reason to let memory grow without end, and none to lose
// anything.
TEST_F(IndexTest, AnIndexThatFailsStopsAppendsWhenTheTailIsFull) {
  Open();
  disk_.Set(FaultyFileSystem::Fault::kRuns);
  Append(0, 4);
  ASSERT_TRUE(Eventually([&] { return !log_->status().notes.empty(); }));
  EXPECT_THAT(log_->status().notes, ElementsAre(HasSubstr("index")));
  Append(4, 12);  // there is room in the tail
  const auto refused = client_->Append(Batch({EventOf("one too many")}));
  ASSERT_EQ(refused.errors.size(), 1);
  EXPECT_EQ(refused.errors[0].reason, Reason::kLogReadOnly);
  EXPECT_THAT(refused.errors[0].message, HasSubstr(files_.index.string()));
  EXPECT_EQ(AllEvents(*log_).size(), 12);
  Close();
  disk_.Set(FaultyFileSystem::Fault::kNone);
  Open();
  ExpectKnown(0, 12);
  Append(12, 13);
}

// With the sync on another thread events are visible in the store before they are durable.
TEST_F(IndexTest, ReadersStopAtTheDurablePosition) {
  Open();
  Append(0, 2);
  sync_gate_.Shut();
  const std::uint64_t token = client_->Send(Batch({Held("meeting/m-x", "new")}));
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 3; }));
  EXPECT_EQ(log_->durable().position, Position(2));
  EXPECT_EQ(AllEvents(*log_).size(), 2);
  EXPECT_TRUE(log_->Read(Position(3), 1 << 20)->commits.empty());
  EXPECT_EQ(log_->HashAt(Position(3)).error().reason, Reason::kNotFound);
  Position next;
  EXPECT_TRUE(log_->ReadStream("meeting/m-x", Position(1), 1 << 20, &next)->empty());
  EXPECT_EQ(log_->AtTime(RecordedTime(INT64_MAX)), Position(2));
  sync_gate_.Open();
  EXPECT_EQ(client_->Wait(token).reply.events(0).position(), 3);
  EXPECT_EQ(AllEvents(*log_).size(), 3);
}

// A duplicate of what is not durable yet is not acknowledged before it is.
TEST_F(IndexTest, ADuplicateWaitsForItsFirst) {
  Open();
  sync_gate_.Shut();
  const std::uint64_t first = client_->Send(Large("a"));
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  const std::uint64_t again = client_->Send(Large("a"));
  const std::uint64_t conflict = client_->Send(Batch({Held("meeting/m-x", "a", "1999")}));
  client_->Send(Large("b"));
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 2; }));
  EXPECT_TRUE(log_->TakeOutcomes().empty());
  sync_gate_.Open();
  EXPECT_FALSE(client_->Wait(first).reply.events(0).duplicate());
  EXPECT_TRUE(client_->Wait(again).reply.events(0).duplicate());
  EXPECT_EQ(client_->Wait(conflict).errors.at(0).position, Position(1));
}

// And never, if the sync of its first fails.
TEST_F(IndexTest, ADuplicateOfWhatWasNotSyncedIsRefused) {
  Open();
  sync_gate_.Shut();
  const std::uint64_t first = client_->Send(Large("a"));
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 1; }));
  const std::uint64_t again = client_->Send(Large("a"));
  const std::uint64_t conflict = client_->Send(Batch({Held("meeting/m-x", "a", "1999")}));
  client_->Send(Large("b"));
  ASSERT_TRUE(Eventually([&] { return log_->status().index_backlog == 2; }));
  disk_.Set(FaultyFileSystem::Fault::kSyncs);
  sync_gate_.Open();
  for (const std::uint64_t token : {first, again, conflict}) {
    const Answer answer = client_->Wait(token);
    ASSERT_EQ(answer.errors.size(), 1);
    EXPECT_EQ(answer.errors[0].reason, Reason::kLogReadOnly);
  }
  disk_.Set(FaultyFileSystem::Fault::kNone);
}

// The index names a position under an id's key; the event there may have another id.
TEST_F(IndexTest, AnEventOfAnotherIdUnderTheKeyIsNoDuplicate) {
  Open();
  Append(0, 8);
  Close();
  {
    const auto index = Index::Open(files_.index, disk_.env());
    ASSERT_TRUE(index);
    Segment segment;
    segment.end = (*index)->indexed_to();
    ASSERT_EQ(segment.end.position, Position(8));
    const IdKey key = (*index)->keys().ForId("id-8");
    const StreamKey stream = (*index)->keys().ForStream(EventOf("id-2").stream());
    ASSERT_TRUE(segment.Add({key, stream, Position(3), Revision(1)}));
    ASSERT_TRUE((*index)->Add(segment));
  }
  Open();
  Append(8, 9);
  ExpectKnown(0, 9);
  Close();
  Open();  // the new one is read again, and its key is still another's
  EXPECT_EQ(log_->status().reread, 1);
  ExpectKnown(0, 9);
}

// What is written while a sync fails is not synced, and nothing is written after it: that would
// succeed, and call durable what the failed one left behind. RocksDB refuses too; another store may
// not.
TEST(GroupCommit, AfterAFailedSyncTheStoreIsLeftAlone) {
  class Store final : public LogStore {
   public:
    Status Write(Position, std::span<const StoredCommit> commits) override {
      ++writes;
      write_gate.Pass();
      head_ = commits.back().last;
      return {};
    }
    Position head() const override { return head_; }
    Result<Position> Sync() override {
      const Position written = head_;
      ++syncs;
      sync_gate.Pass();
      if (failing) return Fail(Reason::kStoreIo, "", "", "made to fail");
      return written;
    }
    Result<std::vector<std::string>> Read(Position, Position, std::uint64_t) const override {
      return std::vector<std::string>{};
    }
    Gate write_gate;
    Gate sync_gate;
    std::atomic<int> writes{0};
    std::atomic<int> syncs{0};
    std::atomic<bool> failing{false};

   private:
    std::atomic<Position> head_{};
  } store;
  ScratchDirectory directory;
  const auto index = Index::Open(directory.path() / "index");
  ASSERT_TRUE(index);
  auto witness = Witness::Open(directory.path() / "witness");
  ASSERT_TRUE(witness);
  LogOptions options;
  options.wall_clock = [] { return std::int64_t{0}; };
  options.boot_clock = options.wall_clock;
  std::vector<AppendOutcome> outcomes;
  {
    GroupCommit commits(store, **index, Position(), std::move(*witness), options,
                        AppendState{{}, {}, 0, {}, Tail(options.segment_events)});
    const auto told = [&](std::size_t count) {
      return Eventually([&] {
        for (AppendOutcome& outcome : commits.TakeOutcomes()) {
          outcomes.push_back(std::move(outcome));
        }
        return outcomes.size() == count;
      });
    };
    store.sync_gate.Shut();
    commits.Append(1, Large("a"));
    EXPECT_TRUE(Eventually([&] { return store.syncs == 1; }));
    store.write_gate.Shut();
    commits.Append(2, Large("b"));
    EXPECT_TRUE(Eventually([&] { return store.writes == 2; }));
    store.failing = true;
    store.sync_gate.Open();
    EXPECT_TRUE(told(1));
    store.failing = false;
    store.write_gate.Open();
    EXPECT_TRUE(told(2));
    commits.Append(3, Large("c"));
    EXPECT_TRUE(told(3));
  }
  EXPECT_EQ(store.syncs, 1);
  EXPECT_EQ(store.writes, 2);
  for (const AppendOutcome& outcome : outcomes) {
    ASSERT_EQ(outcome.errors.size(), 1);
    EXPECT_EQ(outcome.errors[0].reason, Reason::kLogReadOnly);
  }
}

}  // namespace
}  // namespace entente::log
