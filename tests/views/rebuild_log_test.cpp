// Rebuilding from a real log: a new generation takes over, with the rows of the one before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/log/log_client.h"
#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/generations/generations.h"
#include "views/generations/rebuild.h"

namespace entente::views {
namespace {

using testing::ElementsAre;

constexpr int kMeetings = 40;

void Fill(log::Log& log) {
  log::LogClient client(log);
  for (int i = 0; i < kMeetings; ++i) {
    const std::string number = std::to_string(i);
    client.MustAppend(log::Batch({log::Held("meeting/m-" + number, "held-" + number)}));
  }
}

TEST(RebuildViews, ANewGenerationTakesOverWithTheSameRows) {
  const ScratchDirectory directory;
  const auto log = log::OpenOrFail(directory.path() / "log");
  Fill(*log);
  std::vector<Position> seen;
  const auto progress = [&](const RebuildProgress& at) {
    EXPECT_EQ(at.goal, Position(kMeetings));
    seen.push_back(at.done);
    return true;
  };
  const auto first = RebuildViews(*log, directory.path() / "views", progress);
  ASSERT_TRUE(first) << first.error().ToString();
  EXPECT_EQ(first->generation, "g1");
  EXPECT_EQ(first->checkpoint.position, Position(kMeetings));
  EXPECT_EQ(first->checkpoint.hash, log->durable().hash);
  EXPECT_EQ(first->parked, 0);
  EXPECT_GT(first->digest.rows, 0);
  EXPECT_EQ(seen.back(), Position(kMeetings));
  const auto second = RebuildViews(*log, directory.path() / "views", nullptr);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->generation, "g2");
  EXPECT_EQ(second->digest.sha256, first->digest.sha256);
  const auto generations = Generations::Open(directory.path() / "views");
  EXPECT_EQ(generations->current(), "g2");
  EXPECT_THAT(generations->All(), ElementsAre("g1", "g2"));
}

TEST(RebuildViews, StoppedItLeavesWhatWasCurrent) {
  const ScratchDirectory directory;
  const auto log = log::OpenOrFail(directory.path() / "log");
  Fill(*log);
  ASSERT_TRUE(RebuildViews(*log, directory.path() / "views", nullptr));
  const auto stopped =
      RebuildViews(*log, directory.path() / "views", [](const RebuildProgress&) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().reason, Reason::kStopping);
  const auto generations = Generations::Open(directory.path() / "views");
  EXPECT_EQ(generations->current(), "g1");
  EXPECT_THAT(generations->All(), ElementsAre("g1"));
}

}  // namespace
}  // namespace entente::views
