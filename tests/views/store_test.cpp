// The store: rows and checkpoint go together, whatever is applied, and however often.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "log/digest.h"
#include "tests/views/history.h"
#include "views/generations/generations.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::ViewDelta Delta(std::uint64_t from, std::uint64_t to, const std::string& value) {
  v1::ViewDelta delta;
  delta.set_generation("g1");
  delta.set_from_position(from);
  delta.set_to_position(to);
  delta.set_chain_hash(std::string(32, static_cast<char>(to)));
  v1::Row* row = delta.add_rows();
  row->set_key("\x20row");
  row->set_value(value);
  return delta;
}

std::string ValueIn(ViewStore& store) {
  return store.TakeSnapshot()->Get("\x20row").value_or("none");
}

TEST(ViewStore, BeginsEmptyAtPositionZero) {
  TestViews views;
  EXPECT_EQ(views.store().checkpoint().position, Position());
  EXPECT_EQ(views.store().generation(), "g1");
  EXPECT_THAT(views.Rows(), IsEmpty());
}

TEST(ViewStore, AppliedTwiceChangesNothing) {
  TestViews views;
  ASSERT_TRUE(views.store().Apply(Delta(0, 5, "first")));
  ASSERT_TRUE(views.store().Apply(Delta(5, 9, "second")));
  ASSERT_TRUE(views.store().Apply(Delta(0, 5, "first")));
  ASSERT_TRUE(views.store().Apply(Delta(5, 9, "second")));
  EXPECT_EQ(views.store().checkpoint().position, Position(9));
  EXPECT_EQ(ValueIn(views.store()), "second");
}

TEST(ViewStore, ADeltaThatReachesBackApplies) {
  TestViews views;
  ASSERT_TRUE(views.store().Apply(Delta(0, 5, "first")));
  ASSERT_TRUE(views.store().Apply(Delta(3, 9, "cut elsewhere")));
  EXPECT_EQ(ValueIn(views.store()), "cut elsewhere");
}

TEST(ViewStore, WhatDoesNotFitIsRefusedAndChangesNothing) {
  struct {
    const char* what;
    v1::ViewDelta delta;
    const char* says;
  } cases[] = {
      {"a gap", Delta(6, 9, "gap"), "from position 6"},
      {"another chain", Delta(0, 5, "fork"), "chain hash"},
      {"another generation", Delta(5, 9, "other"), "generation g2"},
      {"no chain hash", Delta(5, 9, "bare"), "no chain hash"},
  };
  cases[1].delta.set_chain_hash(std::string(32, 'x'));
  cases[2].delta.set_generation("g2");
  cases[3].delta.clear_chain_hash();
  TestViews views;
  ASSERT_TRUE(views.store().Apply(Delta(0, 5, "first")));
  for (const auto& refused : cases) {
    const auto applied = views.store().Apply(refused.delta);
    ASSERT_FALSE(applied) << refused.what;
    EXPECT_EQ(applied.error().reason, Reason::kLogDiverged) << refused.what;
    EXPECT_THAT(applied.error().message, HasSubstr(refused.says));
    EXPECT_EQ(views.store().checkpoint().position, Position(5));
    EXPECT_EQ(ValueIn(views.store()), "first");
  }
}

// So large that it becomes a file of its own: `value`, and rows enough beside it.
v1::ViewDelta LargeDelta(std::uint64_t from, std::uint64_t to, const std::string& value) {
  v1::ViewDelta delta = Delta(from, to, value);
  for (int i = 0; i < 100; ++i) {
    v1::Row* row = delta.add_rows();
    row->set_key(fmt::format("\x30{:03}", i));
    row->set_value(std::string(100'000, 'x') + value);
  }
  return delta;
}

// Deltas of one row for a store that is gathered up to position 9.
RowDelta Staged(Stage stage, std::uint64_t from, std::uint64_t to, std::string_view value) {
  RowDelta delta;
  delta.generation = "g1";
  delta.from = Position(from);
  delta.to.position = Position(to);
  delta.to.hash.fill(9);
  delta.stage = stage;
  delta.rows = {{"\x20row", value}};
  return delta;
}

TEST(ViewStore, IsGatheredThenFoldedThenWhole) {
  const ScratchDirectory directory;
  const auto open = [&] { return *ViewStore::Open(directory.path(), "g1"); };
  auto store = open();
  ASSERT_TRUE(store->Apply(Staged(Stage::kGathering, 0, 5, "gathered")));
  ASSERT_TRUE(store->Apply(Staged(Stage::kGathering, 5, 9, "gathered more")));
  const auto expect = [&](Stage stage, Position checkpoint) {
    store.reset();
    store = open();
    EXPECT_EQ(store->stage(), stage);
    EXPECT_EQ(store->checkpoint().position, checkpoint);
    EXPECT_EQ(store->taken().position, Position(9));
    EXPECT_EQ(store->TakeSnapshot()->checkpoint().position, checkpoint);
    EXPECT_EQ(store->TakeSnapshot()->taken().position, Position(9));
  };
  expect(Stage::kGathering, Position());
  ASSERT_TRUE(store->Apply(Staged(Stage::kFolding, 9, 9, "folded")));
  expect(Stage::kFolding, Position());
  ASSERT_TRUE(store->Merge());
  ASSERT_TRUE(store->Apply(Staged(Stage::kWhole, 9, 9, "whole")));
  expect(Stage::kWhole, Position(9));
  EXPECT_EQ(ValueIn(*store), "whole");
  ASSERT_TRUE(store->Apply(Staged(Stage::kWhole, 9, 11, "further")));
  EXPECT_EQ(store->checkpoint().position, Position(11));
}

TEST(ViewStore, RowsOfAnotherStageAreRefused) {
  TestViews views;
  ViewStore& store = views.store();
  const auto refused = [&](Stage stage, std::uint64_t from, std::uint64_t to) {
    const Status applied = store.Apply(Staged(stage, from, to, "x"));
    EXPECT_FALSE(applied);
    EXPECT_TRUE(!applied && applied.error().reason == Reason::kLogDiverged);
  };
  refused(Stage::kFolding, 0, 5);
  ASSERT_TRUE(store.Apply(Staged(Stage::kGathering, 0, 9, "gathered")));
  refused(Stage::kWhole, 9, 12);
  refused(Stage::kFolding, 5, 7);
  ASSERT_TRUE(store.Apply(Staged(Stage::kGathering, 0, 5, "again"))) << "it is there already";
  ASSERT_TRUE(store.Apply(Staged(Stage::kFolding, 9, 9, "folded")));
  refused(Stage::kGathering, 9, 12);
  ASSERT_TRUE(store.Apply(Staged(Stage::kWhole, 9, 9, "whole")));
  refused(Stage::kGathering, 9, 12);
  refused(Stage::kFolding, 9, 9);
  EXPECT_EQ(ValueIn(store), "whole");
}

TEST(ViewStore, ClearedItIsAsNew) {
  TestViews views;
  ViewStore& store = views.store();
  ASSERT_TRUE(store.Apply(Staged(Stage::kGathering, 0, 9, "gathered")));
  ASSERT_TRUE(store.Clear());
  EXPECT_EQ(store.stage(), Stage::kWhole);
  EXPECT_EQ(store.taken().position, Position());
  EXPECT_THAT(views.Rows(), IsEmpty());
  ASSERT_TRUE(store.Apply(Delta(0, 5, "anew")));
  EXPECT_EQ(ValueIn(store), "anew");
}

TEST(ViewStore, LargeAndSmallDeltasFollowEachOther) {
  const ScratchDirectory directory;
  {
    const auto store = *ViewStore::Open(directory.path(), "g1");
    ASSERT_TRUE(store->Apply(Delta(0, 5, "first")));
    const auto before = store->TakeSnapshot();
    ASSERT_TRUE(store->Apply(LargeDelta(5, 9, "second")));
    EXPECT_EQ(before->Get("\x20row"), "first");
    EXPECT_EQ(ValueIn(*store), "second");
    ASSERT_TRUE(store->Apply(LargeDelta(5, 9, "second")));
    v1::ViewDelta third = LargeDelta(9, 12, "third");
    third.mutable_rows(1)->clear_value();
    third.mutable_rows(1)->set_deleted(true);
    ASSERT_TRUE(store->Apply(third));
    ASSERT_TRUE(store->Apply(Delta(12, 13, "fourth")));
  }
  const auto store = *ViewStore::Open(directory.path(), "g1");
  EXPECT_EQ(store->checkpoint().position, Position(13));
  EXPECT_EQ(ValueIn(*store), "fourth");
  const auto rows = store->TakeSnapshot();
  EXPECT_EQ(rows->Get("\x30"
                      "000"),
            std::nullopt);
  EXPECT_EQ(rows->Get("\x30"
                      "001"),
            std::string(100'000, 'x') + "third");
}

// What was not synced is gone after a power cut: never rows before those that are left.
TEST(ViewStore, APowerCutBehindALargeDeltaLosesNothingBeforeIt) {
  const ScratchDirectory directory;
  const auto store = *ViewStore::Open(directory.path() / "open", "g1");
  ASSERT_TRUE(store->Apply(Delta(0, 5, "first")));
  v1::ViewDelta large = LargeDelta(5, 9, "second");
  large.mutable_rows()->DeleteSubrange(0, 1);
  ASSERT_TRUE(store->Apply(large));
  ASSERT_TRUE(store->Apply(Delta(9, 12, "third")));

  const std::filesystem::path cut = directory.path() / "cut";
  std::filesystem::copy(directory.path() / "open", cut);
  for (const auto& file : std::filesystem::directory_iterator(cut)) {
    if (file.path().extension() == ".log") std::filesystem::resize_file(file, 0);
  }
  const auto left = ViewStore::Open(cut, "g1");
  ASSERT_TRUE(left) << left.error().ToString();
  EXPECT_EQ((*left)->checkpoint().position, Position(9));
  EXPECT_EQ(ValueIn(**left), "first");
}

TEST(ViewStore, ASnapshotStaysAsItWas) {
  TestViews views;
  ASSERT_TRUE(views.store().Apply(Delta(0, 5, "first")));
  const auto snapshot = views.store().TakeSnapshot();
  ASSERT_TRUE(views.store().Apply(Delta(5, 9, "second")));
  EXPECT_EQ(snapshot->checkpoint().position, Position(5));
  EXPECT_EQ(snapshot->Get("\x20row"), "first");
  EXPECT_EQ(snapshot->rows_examined(), 1);
}

TEST(ViewStore, ReopensWhereItStood) {
  const ScratchDirectory directory;
  {
    auto store = ViewStore::Open(directory.path(), "g1");
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->Apply(Delta(0, 5, "first")));
  }
  const auto store = ViewStore::Open(directory.path(), "");
  ASSERT_TRUE(store);
  EXPECT_EQ((*store)->generation(), "g1");
  EXPECT_EQ((*store)->checkpoint().position, Position(5));
  EXPECT_EQ((*store)->checkpoint().hash, log::DigestFrom(std::string(32, '\5')));
  EXPECT_EQ(ValueIn(**store), "first");
}

TEST(ViewStore, AnotherGenerationIsAnotherFormat) {
  const ScratchDirectory directory;
  ASSERT_TRUE(ViewStore::Open(directory.path(), "g1"));
  const auto store = ViewStore::Open(directory.path(), "g2");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().reason, Reason::kStoreFormat);
  EXPECT_THAT(store.error().message, HasSubstr("generation g1, not g2"));
}

TEST(ViewStore, IsHeldByOne) {
  const ScratchDirectory directory;
  const auto first = ViewStore::Open(directory.path(), "g1");
  ASSERT_TRUE(first);
  const auto second = ViewStore::Open(directory.path(), "g1");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kStoreBusy);
}

TEST(ViewStore, OfWhicheverVersionItIs) {
  const ScratchDirectory directory;
  EXPECT_EQ(ViewStore::Open(directory.path(), "", kWhicheverVersion).error().reason,
            Reason::kStoreFormat);
  ASSERT_TRUE(ViewStore::Open(directory.path(), "g1", kProjectionVersion + 1));
  EXPECT_EQ(ViewStore::Open(directory.path(), "g1").error().reason, Reason::kStoreFormat);
  const auto store = ViewStore::Open(directory.path(), "", kWhicheverVersion);
  ASSERT_TRUE(store) << store.error().ToString();
  EXPECT_EQ((*store)->projection_version(), kProjectionVersion + 1);
  EXPECT_EQ((*store)->generation(), "g1");
}

std::string CurrentIn(const ScratchDirectory& directory) {
  const auto generations = Generations::OpenToRead(directory.path());
  return generations ? generations->current() : generations.error().ToString();
}

TEST(Generations, TheFirstIsMadeWhenFirstOpened) {
  const ScratchDirectory directory;
  auto generations = Generations::Open(directory.path());
  ASSERT_TRUE(generations);
  EXPECT_EQ(generations->current(), "");
  ASSERT_TRUE(generations->OpenCurrent());
  EXPECT_EQ(generations->current(), "g1");
  EXPECT_FALSE(generations->building());
  EXPECT_EQ(CurrentIn(directory), "g1");
  EXPECT_EQ(generations->NextName(), "g2");
}

// A first rebuild was killed while it gathered: nobody may read what it left.
TEST(Generations, WhatIsNotWholeIsNotMadeCurrent) {
  const ScratchDirectory directory;
  {
    auto generations = Generations::Open(directory.path() / "views");
    ASSERT_TRUE(generations && generations->Begin({.name = "g1"}));
    auto store = generations->OpenBuilding();
    ASSERT_TRUE(store && (*store)->Apply(Staged(Stage::kGathering, 0, 9, "gathered")));
  }
  auto generations = Generations::Open(directory.path() / "views");
  ASSERT_TRUE(generations);
  const auto current = generations->OpenCurrent();
  ASSERT_TRUE(current);
  EXPECT_EQ((*current)->generation(), "g2");
  EXPECT_EQ((*current)->taken().position, Position());
  EXPECT_EQ(generations->current(), "g2");
  EXPECT_EQ(generations->building()->name, "g1");
  EXPECT_EQ((*generations->OpenBuilding())->taken().position, Position(9));
}

TEST(Generations, AreOwnedByOneAndTheSecondIsToldWho) {
  const ScratchDirectory directory;
  {
    const auto owner = Generations::Open(directory.path());
    ASSERT_TRUE(owner);
    const auto second = Generations::Open(directory.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, Reason::kStoreBusy);
    EXPECT_THAT(second.error().message, HasSubstr(std::to_string(getpid())));
    EXPECT_TRUE(Generations::OpenToRead(directory.path())) << "to look at it is free";
  }
  EXPECT_TRUE(Generations::Open(directory.path()));
}

TEST(Generations, SwapAndDrop) {
  const ScratchDirectory directory;
  auto generations = Generations::Open(directory.path());
  ASSERT_TRUE(generations->OpenCurrent());
  ASSERT_TRUE(generations->Begin({.name = "g2"}));
  EXPECT_EQ(generations->MakeCurrent("g2").error().reason, Reason::kNotFound) << "not yet there";
  ASSERT_TRUE(generations->OpenBuilding());
  EXPECT_THAT(generations->Kept(), IsEmpty());
  EXPECT_EQ(generations->Drop("g2").error().reason, Reason::kStoreBusy);
  ASSERT_TRUE(generations->MakeCurrent("g2"));
  EXPECT_FALSE(generations->building());
  EXPECT_EQ(CurrentIn(directory), "g2");
  EXPECT_THAT(generations->All(), ElementsAre("g1", "g2"));
  EXPECT_THAT(generations->Kept(), ElementsAre("g1"));
  EXPECT_EQ(generations->Drop("g2").error().reason, Reason::kFieldInvalid);
  EXPECT_EQ(generations->Drop("g7").error().reason, Reason::kNotFound);
  EXPECT_EQ(generations->MakeCurrent("../g1").error().reason, Reason::kNotFound);
  ASSERT_TRUE(generations->Drop("g1"));
  EXPECT_THAT(generations->All(), ElementsAre("g2"));
}

TEST(Generations, WhatIsBeingBuiltIsKnownToTheNextProcess) {
  const ScratchDirectory directory;
  for (const Building& begun :
       {Building{.name = "g2"}, Building{.name = "g2", .purpose = Building::Purpose::kHeld},
        Building{.name = "g2", .stop_at_poison = true}}) {
    auto generations = Generations::Open(directory.path());
    ASSERT_TRUE(generations->OpenCurrent());
    ASSERT_TRUE(generations->Begin(begun));
    const auto later = Generations::OpenToRead(directory.path());
    ASSERT_TRUE(later->building());
    EXPECT_EQ(later->building()->name, "g2");
    EXPECT_EQ(later->building()->purpose, begun.purpose);
    EXPECT_EQ(later->building()->stop_at_poison, begun.stop_at_poison);
    EXPECT_EQ(generations->Begin({.name = "g3"}).error().reason, Reason::kStoreBusy);
  }
}

TEST(Generations, WhatIsCancelledIsRemovedUnlessItWasCurrentOnce) {
  const ScratchDirectory directory;
  auto generations = Generations::Open(directory.path());
  ASSERT_TRUE(generations->OpenCurrent());
  EXPECT_EQ(generations->Cancel().error().reason, Reason::kNotFound);
  ASSERT_TRUE(generations->Begin({.name = "g2"}));
  ASSERT_TRUE(generations->OpenBuilding());
  ASSERT_TRUE(generations->Cancel());
  EXPECT_THAT(generations->All(), ElementsAre("g1"));
  EXPECT_FALSE(Generations::OpenToRead(directory.path())->building());

  ASSERT_TRUE(generations->Begin({.name = "g2"}));
  ASSERT_TRUE(generations->OpenBuilding());
  ASSERT_TRUE(generations->MakeCurrent("g2"));
  const Building back{.name = "g1", .purpose = Building::Purpose::kRollback};
  ASSERT_TRUE(generations->Begin(back));
  EXPECT_THAT(generations->Kept(), IsEmpty());
  ASSERT_TRUE(generations->Cancel());
  EXPECT_THAT(generations->Kept(), ElementsAre("g1"));
  EXPECT_EQ(generations->Begin({.name = "g2", .purpose = back.purpose}).error().reason,
            Reason::kNotFound)
      << "it is current";
}

TEST(Generations, RowsOfAnotherVersionAreBegunAnew) {
  const ScratchDirectory directory;
  auto generations = Generations::Open(directory.path());
  ASSERT_TRUE(generations->OpenCurrent());
  ASSERT_TRUE(generations->Begin({.name = "g2"}));
  v1::ViewDelta delta = Delta(0, 5, "old");
  delta.set_generation("g2");
  ASSERT_TRUE((*generations->OpenBuilding(kProjectionVersion + 1))->Apply(delta));
  const auto store = generations->OpenBuilding(kProjectionVersion);
  ASSERT_TRUE(store) << store.error().ToString();
  EXPECT_EQ((*store)->checkpoint().position, Position());
}

// What processes leave that die at the worst moment.
TEST(Generations, LeftoversAreRemovedOrTakenUp) {
  const ScratchDirectory directory;
  const auto& path = directory.path();
  {
    auto generations = Generations::Open(path);
    // Noted, not yet current: the first one.
    ASSERT_TRUE(generations->Begin({.name = "g1"}));
    ASSERT_TRUE(generations->OpenBuilding());
  }
  // Of a process that knew no notes.
  ASSERT_TRUE(ViewStore::Open(path / "g2", "g2"));
  {
    auto generations = Generations::Open(path);
    EXPECT_THAT(generations->All(), ElementsAre("g1"));
    ASSERT_TRUE(generations->OpenCurrent());
    EXPECT_EQ(generations->current(), "g1");
  }
  // Renamed to be removed, and a note of what is current already.
  std::filesystem::create_directory(path / "dropped-g7");
  std::ofstream(path / "BUILDING") << "g1 rebuild\n";
  const auto generations = Generations::Open(path);
  EXPECT_FALSE(std::filesystem::exists(path / "dropped-g7"));
  EXPECT_FALSE(std::filesystem::exists(path / "BUILDING"));
  EXPECT_FALSE(generations->building());
}

TEST(Generations, APointerToNothingIsDamage) {
  const ScratchDirectory directory;
  {
    auto generations = Generations::Open(directory.path());
    ASSERT_TRUE(generations->OpenCurrent());
  }
  std::filesystem::remove_all(directory.path() / "g1");
  const auto generations = Generations::Open(directory.path());
  ASSERT_FALSE(generations);
  EXPECT_EQ(generations.error().reason, Reason::kStoreDamaged);
}

}  // namespace
}  // namespace entente::views
