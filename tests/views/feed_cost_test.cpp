// What a filtered reader of a long feed pays: in proportion to its matches, for each kind of term.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/views/history.h"
#include "views/feed.h"
#include "views/feed/change_rows.h"
#include "views/feed/recent_changes.h"

namespace entente::views {
namespace {

constexpr std::uint64_t kAll = 1'000'000;
constexpr std::uint64_t kUsually = 20'000;
constexpr std::uint64_t kAtOnce = 10'000;

// Every `every`th change has the term. Subjects are no meetings: the words of a change are another
// matter, and no report is there to make them.
struct Planted {
  const char* term;
  std::uint64_t every;
  v1::Filter filter;
};

v1::Filter With(void (v1::Filter::*add)(const char*), const char* word) {
  v1::Filter filter;
  (filter.*add)(word);
  return filter;
}

std::vector<Planted> AllKinds() {
  v1::Filter postponed;
  postponed.add_statuses(v1::Meeting::status_postponed);
  v1::Filter rescheduled;
  rescheduled.add_change_types(v1::ChangeType::rescheduled);
  using Filter = v1::Filter;
  return {{"country/JP", 10, With(&Filter::add_countries, "JP")},
          {"country/FR", 997, With(&Filter::add_countries, "FR")},
          {"pair/IN-JP", 50, With(&Filter::add_pairs, "IN-JP")},
          {"topic/cyber", 7, With(&Filter::add_topics, "cyber")},
          {"kind/two-plus-two", 100, With(&Filter::add_kinds, "two-plus-two")},
          {"series/jp-au-two-plus-two", 331, With(&Filter::add_series, "jp-au-two-plus-two")},
          {"status/postponed", 23, postponed},
          {"type/rescheduled", 19, rescheduled}};
}

// A feed of so many changes, written as the projection writes it: one change a position.
void Plant(ViewStore* store, std::uint64_t changes, const std::vector<Planted>& planted) {
  OpenPostings postings;
  for (std::uint64_t first = 1; first <= changes; first += kAtOnce) {
    const auto before = store->TakeSnapshot();
    Draft draft(*before);
    const std::uint64_t last = std::min(changes, first + kAtOnce - 1);
    for (std::uint64_t position = first; position <= last; ++position) {
      v1::Change change;
      change.set_position(position);
      change.set_subject("country/XX");
      change.add_reasons(v1::ChangeType::statement_made);
      change.add_terms_after("type/statement_made");
      for (const Planted& one : planted) {
        if (position % one.every == 0) change.add_terms_after(one.term);
      }
      AddChange(change, *before, &postings, &draft);
    }
    postings.Flush(&draft);
    v1::ViewDelta delta;
    delta.set_generation(store->generation());
    delta.set_from_position(first - 1);
    delta.set_to_position(last);
    delta.set_chain_hash(std::string(32, 'h'));
    draft.MoveRowsInto(&delta);
    const Status applied = store->Apply(delta);
    ASSERT_TRUE(applied) << applied.error().ToString();
  }
}

TEST(FeedCost, OneTermCostsItsMatchesAndNoMore) {
  const bool all = std::getenv("ENTENTE_TEST_ALL") != nullptr;
  const std::uint64_t changes = all ? kAll : kUsually;
  if (!all) fmt::print("{} changes; with ENTENTE_TEST_ALL {}\n", kUsually, kAll);
  TestViews views;
  const auto planted = AllKinds();
  Plant(&views.store(), changes, planted);
  const auto snapshot = views.store().TakeSnapshot();
  for (const Planted& one : planted) {
    const auto filter = FeedFilter::Compile(one.filter, domain::PartyRegistry::BuiltIn(),
                                            domain::Vocabulary::BuiltIn());
    ASSERT_TRUE(filter) << one.term << ": " << filter.error().ToString();
    std::uint64_t matches = 0;
    std::uint64_t rows = 0;
    Cursor after;
    while (true) {
      const auto page = ReadFeed(TestViews::ContextOf(*snapshot), *filter, after, 1'000, false);
      ASSERT_TRUE(page) << page.error().ToString();
      matches += page->changes.size();
      rows += page->rows_examined;
      if (page->at_head) break;
      after = page->covered_to;
    }
    EXPECT_EQ(matches, changes / one.every) << one.term;
    EXPECT_LE(rows, 2 * matches + 100) << one.term;
    EXPECT_LT(rows, changes / 2) << one.term;
  }
}

// A page of changes says what it cost, as every reply does.
TEST(FeedCost, APageOfChangesSaysWhatItCost) {
  TestViews views;
  const auto planted = AllKinds();
  Plant(&views.store(), kAtOnce, planted);
  for (const Planted& one : planted) {
    v1::ChangesRequest request;
    *request.mutable_context() = TodayIs("2021-05-05");
    *request.mutable_filter() = one.filter;
    request.set_page_size(10);
    const auto reply = views.Ask(request);
    ASSERT_EQ(reply.changes_size(), 10) << one.term;
    EXPECT_GE(reply.answered().rows_examined(), 10U) << one.term;
    EXPECT_LE(reply.answered().rows_examined(), 2U * 10U + 100U) << one.term;
  }
}

}  // namespace
}  // namespace entente::views
