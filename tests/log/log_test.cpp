// The log as its callers see it: what is answered, what can be read, what survives reopening.
#include "log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <future>

#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kTalks = "meeting/jp-in-2021-04";
const std::string kVisit = "meeting/jp-us-2021-05";

class LogTest : public testing::Test {
 protected:
  LogTest() { Reopen(); }
  ~LogTest() override { Close(); }
  void Close() {
    client_.reset();
    log_.reset();
  }
  void Reopen() {
    Close();
    LogOptions options;
    options.segment_events = 4;  // so that a few events reach the index
    options.wall_clock = [this] { return wall_.load(); };
    options.upcasters = upcasters_;
    log_ = OpenOrFail(directory_.path(), options);
    ASSERT_TRUE(log_);
    client_ = std::make_unique<LogClient>(*log_);
  }

  ScratchDirectory directory_;
  std::atomic<std::int64_t> wall_{1'620'000'000'000};
  const domain::Upcasters* upcasters_ = &domain::Upcasters::BuiltIn();
  std::unique_ptr<Log> log_;
  std::unique_ptr<LogClient> client_;
};

TEST_F(LogTest, GivesPositionsAndRevisionsWithoutGaps) {
  const auto first = client_->MustAppend(Batch({Held(kTalks, "a"), Held(kVisit, "b")}));
  const auto second = client_->MustAppend(Batch({Held(kTalks, "c")}));
  ASSERT_EQ(first.events_size(), 2);
  EXPECT_EQ(first.events(0).position(), 1);
  EXPECT_EQ(first.events(1).position(), 2);
  EXPECT_EQ(first.events(1).revision(), 1);
  EXPECT_EQ(first.durable_position(), 2);
  EXPECT_EQ(first.recorded().seconds(), 1'620'000'000);
  EXPECT_EQ(second.events(0).position(), 3);
  EXPECT_EQ(second.events(0).revision(), 2);
}

TEST_F(LogTest, ReadsBackWhatWasAppended) {
  const v1::NewEvent event = Held(kTalks, "a");
  client_->MustAppend(Batch({event}));
  const auto events = AllEvents(*log_);
  ASSERT_EQ(events.size(), 1);
  EXPECT_EQ(events[0].event().SerializeAsString(), event.SerializeAsString());
  EXPECT_EQ(events[0].position(), 1);
  EXPECT_EQ(events[0].revision(), 1);
  EXPECT_EQ(events[0].payload_version(), 1);
}

// Otherwise it would be brought up again, from a version that it never was in.
TEST_F(LogTest, PayloadsAreWrittenInTheirNewestVersion) {
  const auto step = [](v1::NewEvent*) { return Status(); };
  constexpr std::uint32_t kHeld = v1::NewEvent::kMeetingHeldFieldNumber;
  const domain::Upcasters upcasters({{{kHeld, 1}, step}, {{kHeld, 2}, step}});
  upcasters_ = &upcasters;
  Reopen();
  client_->MustAppend(Batch({Held(kTalks, "a")}));
  EXPECT_EQ(AllEvents(*log_).at(0).payload_version(), 3);
}

TEST_F(LogTest, AnswersADuplicateWithItsFirstPosition) {
  client_->MustAppend(Batch({Held(kTalks, "a"), Held(kTalks, "b")}));
  const auto again = client_->MustAppend(Batch({Held(kTalks, "b"), Held(kTalks, "c")}));
  EXPECT_TRUE(again.events(0).duplicate());
  EXPECT_EQ(again.events(0).position(), 2);
  EXPECT_EQ(again.events(0).revision(), 2);
  EXPECT_FALSE(again.events(1).duplicate());
  EXPECT_EQ(again.events(1).position(), 3);
  EXPECT_EQ(log_->durable().position, Position(3));
}

TEST_F(LogTest, RecognisesDuplicatesAfterReopening) {
  std::vector<v1::NewEvent> events;
  events.reserve(11);
  for (int i = 0; i < 11; ++i) events.push_back(Held(kTalks, "id-" + std::to_string(i)));
  for (const auto& event : events) client_->MustAppend(Batch({event}));
  for (int round = 0; round < 3; ++round) {
    Reopen();
    const auto again = client_->MustAppend(Batch(events));
    for (int i = 0; i < 11; ++i) {
      EXPECT_TRUE(again.events(i).duplicate()) << i;
      EXPECT_EQ(again.events(i).position(), i + 1);
      EXPECT_EQ(again.events(i).revision(), i + 1);
    }
    EXPECT_FALSE(again.has_recorded());
    EXPECT_EQ(log_->durable().position, Position(11));
  }
}

TEST_F(LogTest, CarriageIsNoPartOfTheContent) {
  client_->MustAppend(Batch({Held(kTalks, "a")}));
  v1::NewEvent other_carriage = Held(kTalks, "a");
  other_carriage.set_backfill(true);
  other_carriage.mutable_origin()->set_importer("feed");
  EXPECT_TRUE(client_->MustAppend(Batch({other_carriage})).events(0).duplicate());
}

TEST_F(LogTest, AConflictNamesThePositionAndRefusesTheBatch) {
  client_->MustAppend(Batch({Held(kTalks, "a"), Held(kTalks, "b")}));
  const auto refused =
      client_->Append(Expecting(Batch({Held(kVisit, "new"), Held(kTalks, "b", "2021-06-01"),
                                       Held(kTalks, "a", "2021-06-01"), Held(kTalks, "c")}),
                                kTalks, 7));
  ASSERT_EQ(refused.errors.size(), 3);
  EXPECT_EQ(refused.errors[0].reason, Reason::kIdConflict);
  EXPECT_EQ(refused.errors[0].field, "events[1].id");
  EXPECT_EQ(refused.errors[0].position, Position(2));
  EXPECT_EQ(refused.errors[1].field, "events[2].id");
  EXPECT_EQ(refused.errors[1].position, Position(1));
  EXPECT_EQ(refused.errors[2].reason, Reason::kRevisionConflict);
  EXPECT_EQ(refused.errors[2].field, "expected[0]");
  EXPECT_THAT(refused.errors[2].message, HasSubstr("revision 2"));
  EXPECT_EQ(log_->durable().position, Position(2));
}

TEST_F(LogTest, FaultsStandInTheOrderOfTheEvents) {
  client_->MustAppend(Batch({Held(kTalks, "a"), Held(kTalks, "b")}));
  const auto refused = client_->Append(
      Expecting(Batch({Held(kTalks, "a", "2021-06-01"), Held(kTalks, "c"),
                       Held(kTalks, "c", "2021-06-01"), Held(kTalks, "b", "2021-06-01")}),
                kTalks, 7));
  std::vector<std::string> fields;
  for (const Error& error : refused.errors) fields.push_back(error.field);
  EXPECT_THAT(fields, ElementsAre("events[0].id", "events[2].id", "events[3].id", "expected[0]"));
}

TEST_F(LogTest, TwinsInABatchAreOneEvent) {
  const auto reply =
      client_->MustAppend(Batch({Held(kTalks, "a"), Held(kTalks, "b"), Held(kTalks, "a")}));
  EXPECT_EQ(reply.events(2).position(), 1);
  EXPECT_TRUE(reply.events(2).duplicate());
  EXPECT_EQ(log_->durable().position, Position(2));

  const auto refused = client_->Append(Batch({Held(kTalks, "c"), Held(kTalks, "c", "2021-06-01")}));
  ASSERT_EQ(refused.errors.size(), 1);
  EXPECT_EQ(refused.errors[0].reason, Reason::kBatchDuplicateId);
  EXPECT_EQ(refused.errors[0].field, "events[1].id");
}

TEST_F(LogTest, MakesAnIdFromTheContent) {
  const auto first = client_->MustAppend(Batch({Held(kTalks, "")}));
  const std::string id = first.events(0).id();
  EXPECT_THAT(id, testing::MatchesRegex("x-[a-z2-7]+"));
  EXPECT_EQ(id.size(), 28);
  EXPECT_EQ(AllEvents(*log_)[0].event().id(), id);

  const auto again = client_->MustAppend(Batch({Held(kTalks, ""), Held(kTalks, "", "2021-06")}));
  EXPECT_TRUE(again.events(0).duplicate());
  EXPECT_EQ(again.events(1).position(), 2);
}

TEST_F(LogTest, ExpectedRevisions) {
  client_->MustAppend(ExpectingNone(Batch({Held(kTalks, "a")}), kTalks));
  // A retry of what went through is a duplicate, whatever it expected.
  client_->MustAppend(ExpectingNone(Batch({Held(kTalks, "a")}), kTalks));
  EXPECT_EQ(client_->Append(ExpectingNone(Batch({Held(kTalks, "b")}), kTalks)).errors.size(), 1);
  client_->MustAppend(Expecting(Batch({Held(kTalks, "b")}), kTalks, 1));
  EXPECT_EQ(client_->Append(Expecting(Batch({Held(kTalks, "c")}), kTalks, 1)).errors.size(), 1);
  // A stream that gets no event can be guarded too.
  client_->MustAppend(Expecting(Batch({Held(kVisit, "d")}), kTalks, 2));
  EXPECT_EQ(client_->Append(Expecting(Batch({Held(kVisit, "e")}), kTalks, 1)).errors.size(), 1);
}

// What a batch expected of streams for which it holds nothing new was asked when that was new.
TEST_F(LogTest, ARetryIsNotAskedAgainWhatItExpected) {
  client_->MustAppend(ExpectingNone(Batch({Held(kTalks, "a")}), kTalks));
  client_->MustAppend(Batch({Held(kVisit, "b")}));
  client_->MustAppend(ExpectingNone(Batch({Held(kTalks, "a"), Held(kVisit, "c")}), kTalks));
  EXPECT_TRUE(
      client_->MustAppend(ExpectingNone(Batch({Held(kTalks, "a")}), kVisit)).events(0).duplicate());
}

TEST_F(LogTest, ADryRunStoresNothing) {
  auto batch = Batch({Held(kTalks, "a")});
  batch.set_dry_run(true);
  const auto reply = client_->MustAppend(batch);
  EXPECT_EQ(reply.events(0).position(), 0);
  EXPECT_FALSE(reply.has_recorded());
  EXPECT_EQ(client_->MustAppend(Batch({Held(kTalks, "a")})).events(0).position(), 1);
}

TEST_F(LogTest, RefusesBatchesWithoutForm) {
  EXPECT_EQ(client_->Append({}).errors[0].reason, Reason::kFieldRequired);
  auto twice = Expecting(Expecting(Batch({Held(kTalks, "a")}), kTalks, 0), kTalks, 0);
  twice.add_expected();
  const auto refused = client_->Append(twice);
  ASSERT_EQ(refused.errors.size(), 2);
  EXPECT_EQ(refused.errors[0].field, "expected[1].stream");
  EXPECT_EQ(refused.errors[1].field, "expected[2].stream");
}

TEST_F(LogTest, RecordedTimeNeverDecreases) {
  client_->MustAppend(Batch({Held(kTalks, "a")}));
  wall_ -= 10'000;
  const auto reply = client_->MustAppend(Batch({Held(kTalks, "b")}));
  EXPECT_EQ(reply.recorded().seconds(), 1'620'000'000);
  Reopen();
  EXPECT_EQ(client_->MustAppend(Batch({Held(kTalks, "c")})).recorded().seconds(), 1'620'000'000);
}

// An index that reaches to the log's end leaves opening no commit to walk, and so none to read the
// clock from in passing.
TEST_F(LogTest, RecordedTimeNeverDecreasesBehindAWholeIndex) {
  std::vector<v1::NewEvent> segment;
  segment.reserve(4);
  for (int i = 0; i < 4; ++i) segment.push_back(Held(kTalks, std::to_string(i)));
  client_->MustAppend(Batch(std::move(segment)));
  wall_ -= 10'000;
  Reopen();
  EXPECT_EQ(log_->status().reread, 0);
  EXPECT_EQ(log_->status().last_recorded, RecordedTime(1'620'000'000'000));
  EXPECT_EQ(client_->MustAppend(Batch({Held(kTalks, "4")})).recorded().seconds(), 1'620'000'000);
}

TEST_F(LogTest, ReadsOneStream) {
  for (int i = 0; i < 13; ++i) {
    client_->MustAppend(Batch({Held(i % 3 == 0 ? kVisit : kTalks, std::to_string(i))}));
  }
  Position next;
  const auto all = log_->ReadStream(kVisit, Position(1), 1 << 20, &next);
  ASSERT_TRUE(all);
  std::vector<std::string> ids;
  for (const auto& event : *all) ids.push_back(event.event().id());
  EXPECT_THAT(ids, ElementsAre("0", "3", "6", "9", "12"));
  EXPECT_EQ(next, Position(14));

  ids.clear();
  for (Position from(2); from <= Position(13); from = next) {
    const auto page = log_->ReadStream(kVisit, from, 0, &next);
    ASSERT_TRUE(page);
    EXPECT_LE(page->size(), 1);
    for (const auto& event : *page) ids.push_back(event.event().id());
    ASSERT_GT(next, from);
  }
  EXPECT_THAT(ids, ElementsAre("3", "6", "9", "12"));
}

TEST_F(LogTest, FindsPositionsByTimeAndHashesByPosition) {
  EXPECT_EQ(log_->AtTime(RecordedTime(wall_)), Position());
  for (int i = 0; i < 6; ++i) {
    client_->MustAppend(
        Batch({Held(kTalks, std::to_string(2 * i)), Held(kTalks, std::to_string(2 * i + 1))}));
    wall_ += 1000;
  }
  EXPECT_EQ(log_->AtTime(RecordedTime(1'620'000'000'000 - 1)), Position());
  EXPECT_EQ(log_->AtTime(RecordedTime(1'620'000'000'000)), Position(2));
  EXPECT_EQ(log_->AtTime(RecordedTime(1'620'000'003'999)), Position(8));
  EXPECT_EQ(log_->AtTime(RecordedTime(wall_)), Position(12));

  EXPECT_EQ(log_->HashAt(Position()), Digest{});
  EXPECT_EQ(log_->HashAt(Position(12)), log_->durable().hash);
  EXPECT_EQ(log_->HashAt(Position(11)).error().reason, Reason::kNotFound);
  EXPECT_EQ(log_->HashAt(Position(13)).error().reason, Reason::kNotFound);
}

TEST_F(LogTest, ManyAppendsAtOnceKeepTheirOrder) {
  std::vector<std::uint64_t> tokens;
  tokens.reserve(500);
  for (int i = 0; i < 500; ++i) {
    tokens.push_back(client_->Send(Batch({Held(kTalks, std::to_string(i))})));
  }
  for (int i = 0; i < 500; ++i) {
    const auto outcome = client_->Wait(tokens[static_cast<std::size_t>(i)]);
    ASSERT_TRUE(outcome.errors.empty());
    EXPECT_EQ(outcome.reply.events(0).position(), i + 1);
    EXPECT_GE(outcome.reply.durable_position(), outcome.reply.events(0).position());
  }
}

TEST_F(LogTest, BeyondWhatMayWaitAppendsAreRefused) {
  Close();
  std::promise<void> written;
  const std::shared_future<void> hold = written.get_future().share();
  std::atomic<bool> held{false};
  LogOptions options;
  options.pending_bytes_max = 1;
  options.wall_clock = [&] {  // read before a write, which so waits
    if (held) hold.wait();
    return wall_.load();
  };
  log_ = OpenOrFail(directory_.path(), options);
  client_ = std::make_unique<LogClient>(*log_);
  held = true;
  const std::uint64_t first = client_->Send(Batch({Held(kTalks, "first")}));
  const auto refused = client_->Append(Batch({Held(kTalks, "second")}));
  ASSERT_EQ(refused.errors.size(), 1);
  EXPECT_EQ(refused.errors[0].reason, Reason::kOverloaded);
  written.set_value();
  EXPECT_TRUE(client_->Wait(first).errors.empty()) << "one is taken, however large";
  client_->MustAppend(Batch({Held(kTalks, "third")}));
  EXPECT_EQ(log_->durable().position, Position(2));
  Close();
}

TEST_F(LogTest, IsHeldByOne) {
  const auto second = Log::Open(directory_.path(), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kStoreBusy);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(getpid())));
}

TEST_F(LogTest, TellsWhenTheDurablePositionAdvances) {
  std::atomic<std::uint64_t> seen{0};
  log_->OnDurable([&](Position durable) { seen = durable.value(); });
  client_->MustAppend(Batch({Held(kTalks, "a"), Held(kTalks, "b")}));
  Close();  // after which nothing is called any more
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace entente::log
