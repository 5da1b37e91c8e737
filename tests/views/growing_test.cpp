// Views that are gathered and folded are those that are projected, wherever a process died.
#include "views/generations/growing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows RowsOf(const ViewStore& store) {
  Rows all;
  const auto snapshot = store.TakeSnapshot();
  for (auto rows = snapshot->Range(EndOf(Key(View::kStore).bytes()), ""); rows->Valid();
       rows->Next()) {
    all.emplace_back(rows->key(), rows->value());
  }
  return all;
}

std::vector<log::CommitView> Parsed(std::span<const std::string> commits) {
  std::vector<log::CommitView> views;
  for (const std::string& commit : commits) views.push_back(*log::CommitView::Parse(commit));
  return views;
}

// A store that grows, and the process that makes it.
class Process {
 public:
  Process() { Begin(); }

  // As a kill would: what is being written is or is not in the store.
  void EndAndBeginAnew() { Begin(); }
  Growing& growing() { return *growing_; }
  ViewStore& store() { return *store_; }
  std::vector<Parked> parked;

  void Take(std::span<const std::string> commits) {
    auto projected = growing_->Take(Parsed(commits));
    ASSERT_TRUE(projected) << projected.error().ToString();
    for (const Parked& one : projected->parked) parked.push_back(one);
    const auto written = growing_->Write(*std::move(projected));
    ASSERT_TRUE(written) << written.error().ToString();
  }

 private:
  void Begin() {
    growing_.reset();
    store_.reset();
    auto store = ViewStore::Open(directory_.path(), "g1");
    ASSERT_TRUE(store) << store.error().ToString();
    store_ = *std::move(store);
    growing_.emplace(ProjectionRules::BuiltIn(), *store_, Growing::Read::kOnceItIsWhole);
  }

  ScratchDirectory directory_;
  std::unique_ptr<ViewStore> store_;
  std::optional<Growing> growing_;
};

// How many of these commits are behind the growth.
std::size_t Ahead(const std::vector<std::string>& commits, Process& process) {
  std::size_t done = 0;
  while (done < commits.size() &&
         log::CommitView::Parse(commits[done])->last() <= process.growing().taken().position) {
    ++done;
  }
  return done;
}

TEST(Growing, GivesTheRowsThatProjectingGives) {
  ForSeeds(40, [](Dice* dice) {
    const History history = RandomHistory(dice, 1 + Below(dice, 60));
    const auto commits = history.OneCommitEach();
    TestViews projected;
    projected.Project(commits, 7);

    // Gathered up to somewhere, folded, and then projected on.
    const std::size_t head =
        1 + static_cast<std::size_t>(Below(dice, static_cast<int>(commits.size())));
    Process process;
    for (std::size_t done = 0; done < head;) {
      const std::size_t size = std::min<std::size_t>(head - done, 1 + Below(dice, 9));
      ASSERT_NO_FATAL_FAILURE(process.Take(std::span(commits).subspan(done, size)));
      if (Below(dice, 4) == 0) process.EndAndBeginAnew();
      done = Ahead(commits, process);
    }
    ASSERT_TRUE(process.growing().ToBeFolded());
    ASSERT_EQ(process.store().checkpoint().position, Position());
    while (process.growing().ToBeFolded()) {
      ASSERT_TRUE(process.growing().Fold());
      if (Below(dice, 2) == 0) process.EndAndBeginAnew();
    }
    ASSERT_EQ(process.store().checkpoint().position, Position(head));
    if (head < commits.size()) {
      ASSERT_NO_FATAL_FAILURE(process.Take(std::span(commits).subspan(head)));
      ASSERT_FALSE(process.growing().ToBeFolded());
    }
    ASSERT_EQ(process.store().checkpoint(), projected.store().checkpoint());
    ASSERT_THAT(RowsOf(process.store()), testing::ContainerEq(projected.Rows()));
  });
}

// Enough at once that several threads read and follow, with acts, merges and poison in between.
TEST(Growing, GivesTheSameRowsOnSeveralThreads) {
  ForSeeds(2, [](Dice* dice) {
    const auto commits = RandomHistory(dice, 400).OneCommitEach();
    TestViews projected;
    projected.Project(commits, 50);
    Process process;
    ASSERT_NO_FATAL_FAILURE(process.Take(commits));
    while (process.growing().ToBeFolded()) ASSERT_TRUE(process.growing().Fold());
    EXPECT_EQ(process.parked.size(), projected.parked().size());
    ASSERT_THAT(RowsOf(process.store()), testing::ContainerEq(projected.Rows()));
  });
}

TEST(Growing, AStoreThatIsReadMeanwhileIsProjected) {
  const History history = History().Append({R"({"stream": "meeting/a", "meeting_announced": {}})"});
  TestViews views;
  Growing growing(ProjectionRules::BuiltIn(), views.store(), Growing::Read::kWhileItGrows);
  ASSERT_TRUE(growing.Write(*growing.Take(Parsed(history.commits()))));
  EXPECT_FALSE(growing.ToBeFolded());
  EXPECT_EQ(views.store().checkpoint().position, Position(1));
}

// A store that now and then cannot write.
class FailingStore final : public ViewStore {
 public:
  FailingStore(ViewStore& store, Dice* dice) : store_(store), dice_(dice) {}
  Status Apply(const RowDelta& delta) override { return Fails() ? Full() : store_.Apply(delta); }
  Status Merge() override { return Fails() ? Full() : store_.Merge(); }
  Status Load(const v1::ReadCheckpointReply& chunk) override { return store_.Load(chunk); }
  void StopMerging() override { store_.StopMerging(); }
  Status Clear() override { return store_.Clear(); }
  Status Sync() override { return store_.Sync(); }
  log::ChainPoint checkpoint() const override { return store_.checkpoint(); }
  log::ChainPoint taken() const override { return store_.taken(); }
  Stage stage() const override { return store_.stage(); }
  const std::string& generation() const override { return store_.generation(); }
  std::uint32_t projection_version() const override { return store_.projection_version(); }
  std::unique_ptr<Snapshot> TakeSnapshot() const override { return store_.TakeSnapshot(); }

 private:
  bool Fails() { return Below(dice_, 3) == 0; }
  static Status Full() { return Fail(Reason::kStoreIo, "", "", "no space is left"); }

  ViewStore& store_;
  Dice* dice_;  // of one thread at a time: each write is waited for before the next
};

TEST(Growing, GoesOnBehindWhatCouldNotBeWritten) {
  ForSeeds(30, [](Dice* dice) {
    const History history = RandomHistory(dice, 1 + Below(dice, 40));
    const auto commits = history.OneCommitEach();
    TestViews projected;
    projected.Project(commits);
    TestViews grown;
    Dice failures(dice->operator()());
    FailingStore store(grown.store(), &failures);
    Growing growing(ProjectionRules::BuiltIn(), store, Growing::Read::kOnceItIsWhole);
    while (store.checkpoint() != projected.store().checkpoint()) {
      const auto done = static_cast<std::size_t>(growing.taken().position.value());
      if (growing.BeingFolded() || (done == commits.size() && growing.ToBeFolded())) {
        (void)growing.Fold();
        continue;
      }
      const std::size_t size = std::min<std::size_t>(commits.size() - done, 1 + Below(dice, 9));
      auto taken = growing.Take(Parsed(std::span(commits).subspan(done, size)));
      if (taken) (void)growing.Write(*std::move(taken));
    }
    ASSERT_THAT(RowsOf(grown.store()), testing::ContainerEq(projected.Rows()));
  });
}

// Enough meetings for several parts, each larger than a file of its own, and killed between them.
TEST(Growing, FoldsInPartsAndGoesOnWithThemAfterAKill) {
  constexpr int kMeetings = 6'000;
  const std::string place(16U << 10, 'x');
  History history;
  for (int i = 0; i < kMeetings; i += 500) {
    std::vector<v1::NewEvent> events;
    for (int j = i; j < i + 500; ++j) {
      v1::NewEvent event = EventOf(R"({"meeting_announced": {}})");
      event.set_id("e" + std::to_string(j));
      event.set_stream("meeting/m" + std::to_string(j));
      event.mutable_meeting_announced()->set_place(place);
      events.push_back(std::move(event));
    }
    history.Append(std::move(events));
  }
  TestViews projected(64U << 20);
  projected.Project(history.commits(), 2);

  Process process;
  ASSERT_NO_FATAL_FAILURE(process.Take(history.commits()));
  int parts = 0;
  while (process.growing().ToBeFolded()) {
    ASSERT_TRUE(process.growing().Fold());
    if (++parts == 2) process.EndAndBeginAnew();
    ASSERT_LT(parts, 100);
  }
  EXPECT_GE(parts, 5) << "two, and once more from the beginning";
  EXPECT_EQ(process.store().checkpoint(), projected.store().checkpoint());
  EXPECT_TRUE(RowsOf(process.store()) == projected.Rows());
}

}  // namespace
}  // namespace entente::views
