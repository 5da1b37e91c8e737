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
  EXPECT_THAT(first->parked, testing::IsEmpty());
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

// What a kill leaves is copied aside after the last step, in the moment before the swap: before
// that, rows are being written while the copy is made. Growing has tests of kills in between.
TEST(RebuildViews, KilledItIsTakenUpWhereItStood) {
  const ScratchDirectory directory;
  const auto log = log::OpenOrFail(directory.path() / "log");
  Fill(*log);
  const auto killed = directory.path() / "killed";
  const auto whole = RebuildViews(*log, directory.path() / "views", [&](const RebuildProgress&) {
    std::error_code changes_meanwhile;
    std::filesystem::remove_all(killed, changes_meanwhile);
    std::filesystem::copy(directory.path() / "views", killed,
                          std::filesystem::copy_options::recursive, changes_meanwhile);
    return true;
  });
  ASSERT_TRUE(whole);
  EXPECT_EQ(Generations::OpenToRead(killed)->building()->name, "g1");
  const auto resumed = RebuildViews(*log, killed, [](const RebuildProgress& at) {
    ADD_FAILURE() << "position " << at.done.value() << " was folded again";
    return true;
  });
  ASSERT_TRUE(resumed) << resumed.error().ToString();
  EXPECT_EQ(resumed->generation, "g1");
  EXPECT_EQ(resumed->digest.sha256, whole->digest.sha256);
  const auto generations = Generations::OpenToRead(killed);
  EXPECT_THAT(generations->All(), ElementsAre("g1"));
  EXPECT_FALSE(generations->building());
}

// The present rules, but that no meeting can be folded by itself.
class Unfoldable final : public Projecting {
 public:
  Result<Projected> Project(const Snapshot& before,
                            std::span<const log::CommitView> commits) override {
    return present_->Project(before, commits);
  }
  Result<Projected> Gather(const Snapshot& before,
                           std::span<const log::CommitView> commits) override {
    return present_->Gather(before, commits);
  }
  Result<RowDelta> FoldNext(const Snapshot&) override {
    return Fail(Reason::kInternal, "meeting", "meeting/m-1", "a rule was not made for it");
  }

 private:
  std::unique_ptr<Projecting> present_ = ProjectionRules::BuiltIn().begin();
};

TEST(RebuildViews, WhatCannotBeFoldedAtOnceIsProjectedReportByReport) {
  const ScratchDirectory directory;
  const auto log = log::OpenOrFail(directory.path() / "log");
  Fill(*log);
  const auto first = RebuildViews(*log, directory.path() / "views", nullptr);
  ASSERT_TRUE(first);
  const ProjectionRules rules{kProjectionVersion, [] { return std::make_unique<Unfoldable>(); }};
  const auto second = RebuildViews(*log, directory.path() / "views", nullptr, {.rules = rules});
  ASSERT_TRUE(second) << second.error().ToString();
  EXPECT_EQ(second->checkpoint.position, Position(kMeetings));
  EXPECT_EQ(second->digest.sha256, first->digest.sha256);
}

TEST(RebuildViews, NotWhileAnotherOwnsTheDirectory) {
  const ScratchDirectory directory;
  const auto log = log::OpenOrFail(directory.path() / "log");
  const auto owner = Generations::Open(directory.path() / "views");
  const auto refused = RebuildViews(*log, directory.path() / "views", nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kStoreBusy);
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
