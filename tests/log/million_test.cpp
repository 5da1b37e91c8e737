// A log of a million events: positions without gaps, and every id still known after a restart.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "log/log.h"
#include "tests/log/how_thorough.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

constexpr std::uint64_t kEvents = 1'000'000;
constexpr std::uint64_t kBatch = 1'000;
constexpr std::size_t kInFlight = 8;

// The `n`th batch of a thousand; always the same.
v1::AppendRequest NthBatch(std::uint64_t n) {
  std::vector<v1::NewEvent> events;
  events.reserve(kBatch);
  for (std::uint64_t i = n * kBatch; i < (n + 1) * kBatch; ++i) {
    // Four reports of each meeting, far apart.
    events.push_back(Held(fmt::format("meeting/m-{}", i % (kEvents / 4)), fmt::format("id-{}", i)));
  }
  return Batch(std::move(events));
}

// Sends all batches, a few at a time, and holds what each event is answered.
void SendAll(Log& log, bool duplicates) {
  LogClient client(log);
  std::deque<std::uint64_t> under_way;
  std::uint64_t position = 0;
  const auto take = [&] {
    const Answer answer = client.Wait(under_way.front());
    under_way.pop_front();
    ASSERT_TRUE(answer.errors.empty()) << answer.errors[0].ToString();
    for (const v1::AppendedEvent& event : answer.reply.events()) {
      ASSERT_EQ(event.position(), ++position);
      ASSERT_EQ(event.revision(), (position - 1) / (kEvents / 4) + 1);
      ASSERT_EQ(event.duplicate(), duplicates) << position;
    }
  };
  for (std::uint64_t n = 0; n < kEvents / kBatch; ++n) {
    if (under_way.size() == kInFlight) {
      ASSERT_NO_FATAL_FAILURE(take());
    }
    under_way.push_back(client.Send(NthBatch(n)));
  }
  while (!under_way.empty()) {
    ASSERT_NO_FATAL_FAILURE(take());
  }
  EXPECT_EQ(position, kEvents);
}

TEST(Million, EventsAreKnownAfterARestart) {
  if (!Thoroughly(true, false)) GTEST_SKIP() << "takes a minute: scripts/test --all runs it";
  const ScratchDirectory directory;
  ChainPoint end;
  {
    const auto log = OpenOrFail(directory.path());
    ASSERT_TRUE(log);
    ASSERT_NO_FATAL_FAILURE(SendAll(*log, false));
    end = log->durable();
  }
  const auto log = OpenOrFail(directory.path());
  ASSERT_TRUE(log);
  EXPECT_EQ(log->durable(), end);
  EXPECT_LE(log->status().reread, LogOptions().tail_events_max + kBatch);
  std::uint64_t position = 0;
  for (Position next(1); next <= end.position;) {
    const auto range = log->Read(next, 4 << 20);
    ASSERT_TRUE(range) << range.error().ToString();
    for (const std::string& bytes : range->commits) {
      const auto commit = CommitView::Parse(bytes);
      ASSERT_TRUE(commit);
      ASSERT_EQ(commit->first(), Position(position + 1));
      position = commit->last().value();
    }
    next = range->next;
  }
  EXPECT_EQ(position, kEvents);
  ASSERT_NO_FATAL_FAILURE(SendAll(*log, true));
  EXPECT_EQ(log->durable(), end);
}

}  // namespace
}  // namespace entente::log
