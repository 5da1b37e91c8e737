// Looking ids up: what lies under a key is compared, the newest place answers first, and the tables
// and the filter on the way forget nothing.
#include "log/known_ids.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "log/id_filter.h"
#include "log/index.h"
#include "log/key_tables.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

// What lies under a key is compared; ids that share one lie behind each other.
TEST(KnownIds, AHitIsComparedWithTheLog) {
  class Stored final : public StoredIds {
   public:
    Result<std::optional<KnownEvent>> Compare(Position position, std::string_view id) override {
      ++compared;
      if (by_position.at(position) != id) return std::nullopt;
      return KnownEvent{position, Revision(1), {}};
    }
    std::map<Position, std::string> by_position;
    int compared = 0;
  } stored;
  ScratchDirectory directory;
  const auto index = Index::Open(directory.path());
  ASSERT_TRUE(index);
  const IdKey key = (*index)->keys().ForId("sought");

  // Two others under the key sought and the next: one in the index, one in the tail.
  Segment segment;
  segment.end.position = Position(1);
  ASSERT_TRUE(segment.Add({key, {}, Position(1), Revision(1)}));
  ASSERT_TRUE((*index)->Add(segment));
  Tail tail(10);
  ASSERT_TRUE(tail.Add({key.Next(), {}, Position(2), Revision(2)}));
  stored.by_position = {{Position(1), "another"}, {Position(2), "a third"}};

  const std::string_view id = "sought";
  auto found = FindIds(std::span(&id, 1), tail, **index, stored);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->at(0).known);
  EXPECT_EQ(stored.compared, 2);
  EXPECT_EQ(found->at(0).key, key.Next().Next());

  stored.by_position[Position(3)] = "sought";
  ASSERT_TRUE(tail.Add({found->at(0).key, {}, Position(3), Revision(3)}));
  found = FindIds(std::span(&id, 1), tail, **index, stored);
  ASSERT_TRUE(found->at(0).known);
  EXPECT_EQ(found->at(0).known->position, Position(3));
}

// The tail goes before the index, so that what was handed over and not yet dropped is found once,
// and the active segment before sealed ones.
TEST(KnownIds, TheNewestPlaceAnswersFirst) {
  class Stored final : public StoredIds {
   public:
    Result<std::optional<KnownEvent>> Compare(Position position, std::string_view) override {
      return KnownEvent{position, Revision(1), {}};
    }
  } stored;
  ScratchDirectory directory;
  const auto index = Index::Open(directory.path());
  ASSERT_TRUE(index);
  const std::string_view id = "sought";
  const IdKey key = (*index)->keys().ForId(id);
  Tail tail(1);
  const auto position = [&] {
    const auto found = FindIds(std::span(&id, 1), tail, **index, stored);
    return found->at(0).known ? found->at(0).known->position : Position();
  };
  EXPECT_EQ(position(), Position());
  Segment segment;
  segment.end.position = Position(1);
  ASSERT_TRUE(segment.Add({key, {}, Position(1), Revision(1)}));
  ASSERT_TRUE((*index)->Add(segment));
  EXPECT_EQ(position(), Position(1));
  ASSERT_TRUE(tail.Add({key, {}, Position(2), Revision(1)}));
  ASSERT_TRUE(tail.EndWrite({Position(2), {}}));
  EXPECT_EQ(position(), Position(2));
  ASSERT_TRUE(tail.Add({key, {}, Position(3), Revision(1)}));
  EXPECT_EQ(position(), Position(3));
  tail.DropTo(Position(2));
  EXPECT_EQ(position(), Position(3));
}

// No false negative, ever, and few false positives.
TEST(IdFilter, ForgetsNothing) {
  const KeyMaker keys(42);
  for (const std::size_t capacity : {1, 1000, 50'000}) {
    IdFilter filter(capacity);
    const std::size_t inserted = capacity * 2;  // outgrown it is still right
    for (std::size_t i = 0; i < inserted; ++i) {
      filter.Insert(keys.ForId(fmt::format("in-{}", i)));
      if (i + 1 == capacity && capacity > 100) {
        std::size_t wrong = 0;
        for (std::size_t j = 0; j < 10'000; ++j) {
          wrong += filter.MayHold(keys.ForId(fmt::format("out-{}", j)));
        }
        EXPECT_LT(wrong, 300);
      }
    }
    for (std::size_t i = 0; i < inserted; ++i) {
      ASSERT_TRUE(filter.MayHold(keys.ForId(fmt::format("in-{}", i)))) << i;
    }
  }
}

TEST(KeyTables, HoldWhatWasPutIn) {
  IdTable ids;
  RevisionTable revisions;
  for (std::uint64_t i = 1; i <= 5000; ++i) {
    // Keys that fall close together, so that probing is long.
    EXPECT_TRUE(ids.Insert({i % 7, i}, Position(i)));
    EXPECT_FALSE(ids.Insert({i % 7, i}, Position(i + 1)));
    revisions.Set({i % 7, static_cast<std::uint32_t>(i)}, Revision(i));
    revisions.Set({i % 7, static_cast<std::uint32_t>(i)}, Revision(i + 1));
  }
  for (std::uint64_t i = 1; i <= 5000; ++i) {
    EXPECT_EQ(ids.Find({i % 7, i}), Position(i));
    EXPECT_EQ(revisions.Find({i % 7, static_cast<std::uint32_t>(i)}), Revision(i + 1));
  }
  EXPECT_EQ(ids.size(), 5000);
  EXPECT_EQ(revisions.size(), 5000);
  EXPECT_EQ(ids.Find({8, 1}), Position());
  EXPECT_EQ(revisions.Find({8, 1}), Revision());
}

}  // namespace
}  // namespace entente::log
