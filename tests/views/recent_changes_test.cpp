// The newest changes from memory: whatever is asked, the answer is that of the store.
#include "views/feed/recent_changes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/views/history.h"
#include "tests/views/random_history.h"

namespace entente::views {
namespace {

RecentChanges Recent(const RecentChanges::Bounds& bounds = {}) {
  return RecentChanges(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn(), bounds);
}

FeedFilter Compile(const v1::Filter& filter) {
  auto compiled =
      FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  EXPECT_TRUE(compiled) << compiled.error().ToString();
  return compiled.value_or(FeedFilter());
}

std::string Show(const FeedPage& page) {
  std::string shown = std::to_string(page.covered_to.position.value()) + "." +
                      std::to_string(page.covered_to.ordinal.value()) +
                      (page.at_head ? " head" : "") + (page.match_waits ? " waits" : "") + "\n";
  for (const auto& change : page.changes) shown += change.DebugString();
  return shown;
}

TEST(RecentChangesTest, AnswersAsTheStoreDoesWhereverTheReaderStands) {
  std::uint64_t from_memory = 0;
  ForSeeds(30, [&](Dice* dice) {
    const History history = RandomHistory(dice, 10 + Below(dice, 40));
    TestViews views;
    RecentChanges::Bounds bounds;
    bounds.changes = static_cast<std::size_t>(1 + Below(dice, 40));
    RecentChanges recent = Recent(bounds);
    const auto& commits = history.commits();
    for (std::size_t next = 0; next < commits.size();) {
      const std::size_t some = std::min<std::size_t>(commits.size() - next,
                                                     static_cast<std::size_t>(1 + Below(dice, 6)));
      views.Project({commits.begin() + static_cast<std::ptrdiff_t>(next),
                     commits.begin() + static_cast<std::ptrdiff_t>(next + some)});
      next += some;
      const auto snapshot = views.store().TakeSnapshot();
      const Position head = snapshot->checkpoint().position;
      if (Below(dice, 3) != 0) (void)recent.Advance(*snapshot);  // else it does when it is read
      for (int reads = Below(dice, 4); reads > 0; --reads) {
        v1::Filter asked = RandomFilter(dice);
        asked.clear_statuses();
        const FeedFilter filter = Compile(asked);
        const Cursor after{
            Position(static_cast<std::uint64_t>(Below(dice, static_cast<int>(head.value()) + 1))),
            Below(dice, 2) == 0 ? Ordinal::Max() : Ordinal()};
        const auto limit = static_cast<std::uint32_t>(Below(dice, 6));
        const bool with_meeting = Below(dice, 2) == 0;
        const auto page = recent.Read(views.store(), head, filter, after, limit, with_meeting);
        const auto stored =
            ReadFeed(TestViews::ContextOf(*snapshot), filter, after, limit, with_meeting);
        ASSERT_TRUE(page && stored);
        if (page->at_head || page->match_waits) {
          ASSERT_EQ(Show(*page), Show(*stored)) << asked.DebugString();
        } else {
          // Where it stopped among what does not match is its own affair.
          ASSERT_EQ(page->changes.size(), stored->changes.size());
          for (std::size_t i = 0; i < page->changes.size(); ++i) {
            ASSERT_EQ(page->changes[i].DebugString(), stored->changes[i].DebugString());
          }
        }
        EXPECT_EQ(page->head, head);
        if (stored->rows_examined > 0 && page->rows_examined == 0) ++from_memory;
      }
      ASSERT_LE(recent.size(), bounds.changes);
    }
  });
  EXPECT_GT(from_memory, 20U);
}

constexpr const char* kTalks = R"({"stream":"meeting/talks","meeting":{"kind":"two-plus-two",
    "parties":[{"name":"JP"},{"name":"IN"}]},"meeting_announced":{"date":{"edtf":"2021-06"}}})";
constexpr const char* kPostponed = R"({"stream":"meeting/talks","reported":"2021-05-06",
    "meeting_postponed":{"reason":"epidemic"}})";

TEST(RecentChangesTest, AChangeIsPutIntoWordsOnceForAllWhoAreTold) {
  History history;
  TestViews views;
  RecentChanges recent = Recent();
  (void)recent.Advance(*views.store().TakeSnapshot());
  history.Append({kTalks}).Append({kPostponed});
  views.Project(history.commits());
  const auto came = recent.Advance(*views.store().TakeSnapshot());
  ASSERT_TRUE(came);
  ASSERT_EQ(came->size(), 2U);
  EXPECT_EQ(came->front()->subject(), "meeting/talks");
  EXPECT_EQ(recent.described(), 0U) << "nobody asked yet";
  v1::Filter japan;
  japan.add_countries("JP");
  v1::Filter cyber;
  cyber.add_topics("cyber");
  for (int reader = 0; reader < 5; ++reader) {
    const auto page = recent.Read(views.store(), Position(2), Compile(japan), {}, 10, false);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->changes.size(), 2U);
    EXPECT_EQ(
        recent.Read(views.store(), Position(2), Compile(cyber), {}, 10, false)->changes.size(), 0U);
  }
  EXPECT_EQ(recent.described(), 2U);
}

// In as many pages as it takes: a meeting of many reports is folded in turns.
std::size_t ReadToTheHead(RecentChanges* recent, const ViewStore& store, Position head,
                          const FeedFilter& filter) {
  std::size_t changes = 0;
  Cursor after;
  while (true) {
    const auto page = recent->Read(store, head, filter, after, 1'000, true);
    if (!page) return 0;
    changes += page->changes.size();
    after = page->covered_to;
    if (page->at_head) return changes;
  }
}

TEST(RecentChangesTest, HoldsNoMoreThanItsBytes) {
  History history;
  for (int i = 0; i < 50; ++i) history.Append({i == 0 ? kTalks : kPostponed});
  TestViews views;
  RecentChanges::Bounds bounds;
  bounds.bytes = 30'000;
  RecentChanges recent = Recent(bounds);
  (void)recent.Advance(*views.store().TakeSnapshot());
  views.Project(history.commits());
  (void)recent.Advance(*views.store().TakeSnapshot());
  EXPECT_EQ(recent.size(), 50U);
  // Put into words they take more room, and the oldest go; they are read from the store then.
  FeedFilter all;
  all.with_confirmations = true;
  EXPECT_EQ(ReadToTheHead(&recent, views.store(), Position(50), all), 50U);
  EXPECT_LT(recent.size(), 50U);
  EXPECT_EQ(ReadToTheHead(&recent, views.store(), Position(50), all), 50U);
}

TEST(RecentChangesTest, BeginsAnewWithAnotherGeneration) {
  History history;
  history.Append({kTalks});
  TestViews one(history);
  RecentChanges recent = Recent();
  (void)recent.Advance(*one.store().TakeSnapshot());
  history.Append({kPostponed});
  TestViews other(history);
  ASSERT_TRUE(recent.Read(other.store(), Position(2), {}, {}, 10, false));
  recent.Forget();
  EXPECT_FALSE(recent.Advance(*other.store().TakeSnapshot()));
  const auto page = recent.Read(other.store(), Position(2), {}, {}, 10, false);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->changes.size(), 2U);
}

}  // namespace
}  // namespace entente::views
