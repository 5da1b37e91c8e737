// What a filtered reader of a long feed pays: in proportion to its matches, for each kind of term.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "log/digest.h"
#include "tests/views/history.h"
#include "views/feed.h"
#include "views/feed/change_rows.h"
#include "views/rows/key.h"

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

// Which of the changes a reader may leave out.
struct Quiet {
  bool (*confirms)(std::uint64_t position) = [](std::uint64_t) { return false; };
  bool backfill = false;
};

constexpr Quiet kFourOfFiveConfirm{
    .confirms = [](std::uint64_t position) { return position / 7 % 5 != 0; }};
constexpr Quiet kImported{.backfill = true};

// A feed of so many changes, written as the projection writes it: one change a position.
void Plant(ViewStore* store, std::uint64_t changes, const std::vector<Planted>& planted,
           const Quiet& quiet = {}) {
  OpenPostings postings;
  for (std::uint64_t first = 1; first <= changes; first += kAtOnce) {
    const auto before = store->TakeSnapshot();
    Draft draft(*before);
    const std::uint64_t last = std::min(changes, first + kAtOnce - 1);
    for (std::uint64_t position = first; position <= last; ++position) {
      v1::Change change;
      change.set_position(position);
      change.set_subject("country/XX");
      change.set_backfill(quiet.backfill);
      change.add_reasons(quiet.confirms(position) ? v1::ChangeType::confirmed
                                                  : v1::ChangeType::statement_made);
      change.add_terms_after("type/" + v1::ChangeType::Value_Name(change.reasons(0)));
      for (const Planted& one : planted) {
        if (position % one.every == 0) change.add_terms_after(one.term);
      }
      AddChange(CursorOf(change), RowOf(change), *before, &postings, &draft);
    }
    postings.Flush(&draft);
    RowDelta delta{.generation = store->generation(),
                   .from = Position(first - 1),
                   .to = {Position(last), log::DigestFrom(std::string(32, 'h'))},
                   .stage = Stage::kWhole,
                   .rows = {},
                   .bytes = {}};
    draft.MoveRowsInto(&delta);
    const Status applied = store->Apply(delta);
    ASSERT_TRUE(applied) << applied.error().ToString();
  }
}

std::uint64_t HowMany() {
  const bool all = std::getenv("ENTENTE_TEST_ALL") != nullptr;
  if (!all) fmt::print("{} changes; with ENTENTE_TEST_ALL {}\n", kUsually, kAll);
  return all ? kAll : kUsually;
}

FeedFilter Compile(const v1::Filter& filter) {
  auto compiled =
      FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  EXPECT_TRUE(compiled) << compiled.error().ToString();
  return compiled.value_or(FeedFilter());
}

// As alerts do by default.
FeedFilter ForAlerts(const v1::Filter& asked) {
  FeedFilter filter = Compile(asked);
  filter.with_backfill = false;
  return filter;
}

struct Cost {
  std::uint64_t matches = 0;
  std::uint64_t rows = 0;
  std::uint64_t rows_at_the_end = 0;  // of one more page, from where the last one ended
};

// From the beginning to the head, in pages of `limit`.
Cost ReadThrough(const Snapshot& snapshot, const FeedFilter& filter, std::uint32_t limit = 1'000) {
  Cost cost;
  Cursor after;
  const auto read = [&]() -> FeedPage {
    const auto page = ReadFeed(TestViews::ContextOf(snapshot), filter, after, limit, false);
    EXPECT_TRUE(page) << page.error().ToString();
    FeedPage none;
    none.at_head = true;
    if (!page) return none;
    after = page->covered_to;
    return *page;
  };
  for (bool at_head = false; !at_head;) {
    const FeedPage page = read();
    cost.matches += page.changes.size();
    cost.rows += page.rows_examined;
    at_head = page.at_head;
  }
  const FeedPage again = read();
  EXPECT_TRUE(again.at_head);
  EXPECT_TRUE(again.changes.empty());
  cost.rows_at_the_end = again.rows_examined;
  return cost;
}

// What a page reads where nothing is above its reader.
constexpr std::uint64_t kAHandful = 4;

TEST(FeedCost, OneTermCostsItsMatchesAndNoMore) {
  constexpr std::uint64_t changes = kAll;
  TestViews views;
  const auto planted = AllKinds();
  Plant(&views.store(), changes, planted);
  const auto snapshot = views.store().TakeSnapshot();
  for (const Planted& one : planted) {
    for (const FeedFilter& filter : {Compile(one.filter), ForAlerts(one.filter)}) {
      const Cost cost = ReadThrough(*snapshot, filter);
      EXPECT_EQ(cost.matches, changes / one.every) << one.term;
      EXPECT_LE(cost.rows, 2 * cost.matches + 100) << one.term;
      EXPECT_LT(cost.rows, changes / 2) << one.term;
    }
  }
}

TEST(FeedCost, WhatOnlyConfirmsCostsNothingWhereItIsLeftOut) {
  const std::uint64_t changes = HowMany();
  TestViews views;
  const auto planted = AllKinds();
  Plant(&views.store(), changes, planted, kFourOfFiveConfirm);
  const auto snapshot = views.store().TakeSnapshot();
  for (const Planted& one : planted) {
    std::uint64_t news = 0;
    for (std::uint64_t position = one.every; position <= changes; position += one.every) {
      if (!kFourOfFiveConfirm.confirms(position)) ++news;
    }
    const Cost cost = ReadThrough(*snapshot, ForAlerts(one.filter));
    EXPECT_EQ(cost.matches, news) << one.term;
    EXPECT_LE(cost.rows, 2 * cost.matches + 100) << one.term;
    // Who asks for them pays for them.
    FeedFilter with_them = ForAlerts(one.filter);
    with_them.with_confirmations = true;
    const Cost all = ReadThrough(*snapshot, with_them);
    EXPECT_EQ(all.matches, changes / one.every) << one.term;
    EXPECT_LE(all.rows, 2 * all.matches + 100) << one.term;
  }
}

TEST(FeedCost, AnImportedHistoryCostsNothingWhereItIsLeftOut) {
  const std::uint64_t changes = HowMany();
  TestViews views;
  const auto planted = AllKinds();
  Plant(&views.store(), changes, planted, kImported);
  const auto snapshot = views.store().TakeSnapshot();
  for (const Planted& one : planted) {
    const Cost cost = ReadThrough(*snapshot, ForAlerts(one.filter));
    EXPECT_EQ(cost.matches, 0U) << one.term;
    EXPECT_LE(cost.rows, 100U) << one.term;
    const Cost all = ReadThrough(*snapshot, Compile(one.filter));
    EXPECT_EQ(all.matches, changes / one.every) << one.term;
    EXPECT_LE(all.rows, 2 * all.matches + 100) << one.term;
  }
}

// Who begins again where he ended reads next to nothing, however long the feed is.
TEST(FeedCost, ASavedPlaceIsNotReadUpToAgain) {
  const std::uint64_t changes = HowMany() / 4;
  for (const Quiet& quiet : {Quiet{}, kFourOfFiveConfirm, kImported}) {
    TestViews views;
    const auto planted = AllKinds();
    Plant(&views.store(), changes, planted, quiet);
    const auto snapshot = views.store().TakeSnapshot();
    for (const Planted& one : planted) {
      EXPECT_LE(ReadThrough(*snapshot, ForAlerts(one.filter)).rows_at_the_end, kAHandful)
          << one.term;
      FeedFilter everything = Compile(one.filter);
      everything.with_confirmations = true;
      EXPECT_LE(ReadThrough(*snapshot, everything).rows_at_the_end, kAHandful) << one.term;
      v1::Filter window = one.filter;
      window.set_from("2021-06-01");
      EXPECT_LE(ReadThrough(*snapshot, ForAlerts(window)).rows_at_the_end, kAHandful) << one.term;
    }
    EXPECT_LE(ReadThrough(*snapshot, ForAlerts({})).rows_at_the_end, kAHandful);
  }
}

// What somebody says of a meeting of Japan with one of four others.
std::string Says(int meeting, const std::string& who, const std::string& reported,
                 const std::string& what, const std::string& source_class = "media") {
  constexpr std::array kPartners = {"IN", "DE", "FR", "AU"};
  return fmt::format(
      R"({{"stream":"meeting/m{:04}","reported":"{}","source":{{"publisher":"{}",)"
      R"("class":"{}"}},"meeting":{{"kind":"two-plus-two","parties":[{{"name":"JP"}},)"
      R"({{"name":"{}"}}]}},{}}})",
      meeting, reported, who, source_class,
      kPartners[static_cast<std::size_t>(meeting) % kPartners.size()], what);
}

// After all that is reported: a report from the future would be amiss, and no confirmation.
constexpr std::int64_t kRecorded = 1'625'097'600'000;  // 2021-07-01

constexpr const char* kScheduled = R"("meeting_scheduled":{"date":{"edtf":"2021-06-01"}})";

// Each meeting is told of once, and by four others.
History ToldAgainAndAgain(int meetings, bool backfill) {
  History history;
  history.At(kRecorded);
  for (int meeting = 0; meeting < meetings; ++meeting) {
    std::vector<v1::NewEvent> events;
    events.reserve(5);
    for (int medium = 0; medium < 5; ++medium) {
      events.push_back(
          EventOf(Says(meeting, fmt::format("Daily {}", medium), "2021-05-05", kScheduled)));
      events.back().set_backfill(backfill);
    }
    history.Append(std::move(events));
  }
  return history;
}

TEST(FeedCost, ProjectedEventsCostTheSame) {
  constexpr int kMeetings = 80;
  v1::Filter japan;
  japan.add_countries("JP");
  {
    TestViews views(ToldAgainAndAgain(kMeetings, false));
    const auto snapshot = views.store().TakeSnapshot();
    const Cost cost = ReadThrough(*snapshot, ForAlerts(japan));
    EXPECT_EQ(cost.matches, kMeetings);
    EXPECT_LE(cost.rows, 2 * cost.matches + 100);
    EXPECT_LE(cost.rows_at_the_end, kAHandful);
    FeedFilter everything = ForAlerts(japan);
    everything.with_confirmations = true;
    EXPECT_EQ(ReadThrough(*snapshot, everything).matches, 5 * kMeetings);
  }
  TestViews views(ToldAgainAndAgain(kMeetings, true));
  const auto snapshot = views.store().TakeSnapshot();
  const Cost cost = ReadThrough(*snapshot, ForAlerts(japan));
  EXPECT_EQ(cost.matches, 0);
  EXPECT_LE(cost.rows, 100);
  EXPECT_EQ(ReadThrough(*snapshot, Compile(japan)).matches, kMeetings);
}

// `scheduled`, `announced` and `reported` are found under one term, `open`: a reader of one of them
// pays for the changes of meetings that were open before or after, and not for those of the others.
TEST(FeedCost, StatusesThatShareATermCostWhatIsOpen) {
  constexpr int kMeetings = 120;
  constexpr const char* kSomeDayInJune = R"("meeting_announced":{"date":{"edtf":"2021-06"}})";
  constexpr const char* kHeld = R"("meeting_held":{"date":{"edtf":"2021-06-01"}})";
  History history;
  history.At(kRecorded);
  for (int meeting = 0; meeting < kMeetings; ++meeting) {
    const bool scheduled = meeting % 3 == 0;
    history.Append({Says(meeting, "somebody", "2021-05-05", scheduled ? kScheduled : kSomeDayInJune,
                         meeting % 3 == 1 ? "official" : "media")});
    // From the first of these on it is not open.
    std::vector<std::string> later;
    later.reserve(9);
    for (int medium = 0; medium < 9; ++medium) {
      later.push_back(Says(meeting, fmt::format("Daily {}", medium), "2021-06-03", kHeld));
    }
    history.Append(later);
  }
  TestViews views(history);
  ASSERT_TRUE(views.parked().empty());
  const auto snapshot = views.store().TakeSnapshot();
  std::uint64_t open = 0;
  for (auto row = ChangesAfter(*snapshot, {}); row->Valid(); row->Next()) {
    const v1::Change change = DecodeChange(row->key(), row->value());
    const auto holds = [](const auto& terms) {
      return std::ranges::find(terms, "status/open") != terms.end();
    };
    open += holds(change.terms_before()) || holds(change.terms_after());
  }
  ASSERT_LT(5 * open, history.events() + 1);
  std::uint64_t all_matches = 0;
  for (const v1::Meeting::Status status :
       {v1::Meeting::status_scheduled, v1::Meeting::status_announced,
        v1::Meeting::status_reported}) {
    v1::Filter filter;
    filter.add_statuses(status);
    FeedFilter asked = Compile(filter);
    asked.with_confirmations = true;
    const Cost cost = ReadThrough(*snapshot, asked);
    EXPECT_GT(cost.matches, 0U) << v1::Meeting::Status_Name(status);
    EXPECT_LT(cost.matches, open) << v1::Meeting::Status_Name(status);
    EXPECT_LE(cost.rows, 2 * open + 100) << v1::Meeting::Status_Name(status);
    EXPECT_LE(cost.rows_at_the_end, kAHandful) << v1::Meeting::Status_Name(status);
    all_matches += cost.matches;
  }
  EXPECT_GE(all_matches, open);
}

// Two countries that speak of much, and never together: where they meet is looked for in turns.
TEST(FeedCost, WhatNeverMeetsIsLookedForInTurns) {
  v1::Filter both;
  both.add_countries_all("JP");
  both.add_countries_all("FR");
  constexpr std::uint64_t kChanges = 40'000;
  TestViews views;
  Plant(&views.store(), kChanges, {{"country/JP", 2, {}}, {"country/FR", 3, {}}},
        {.confirms = [](std::uint64_t position) { return position % 6 == 0; }});
  const auto snapshot = views.store().TakeSnapshot();
  const FeedFilter filter = ForAlerts(both);
  Cursor after;
  int pages = 0;
  while (true) {
    const auto page = ReadFeed(TestViews::ContextOf(*snapshot), filter, after, 10, false);
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->changes.empty());
    EXPECT_LT(page->rows_examined, kCandidatesAtOnce);
    ++pages;
    ASSERT_LT(after, page->covered_to);
    after = page->covered_to;
    if (page->at_head) break;
  }
  EXPECT_EQ(after, EndOfPosition(Position(kChanges)));
  EXPECT_GT(pages, 2);
  EXPECT_LT(pages, 20);
}

// Views that a program before this one made have their postings otherwise. They are served until
// this program's own are built: what a filter finds in them must be right, and may cost more.
TEST(FeedCost, ViewsOfAnOlderProjectionAreReadWithoutTheirPostings) {
  const ScratchDirectory directory;
  const auto store = ViewStore::Open(directory.path(), "g1", 3);
  ASSERT_TRUE(store);
  const auto planted = AllKinds();
  Plant(store->get(), 2'000, planted, kFourOfFiveConfirm);
  // As version 3 had them: without the byte that says of what sort they are.
  v1::ViewDelta delta;
  delta.set_generation("g1");
  delta.set_from_position(2'000);
  delta.set_to_position(2'001);
  delta.set_chain_hash(std::string(32, 'i'));
  const auto snapshot_before = (*store)->TakeSnapshot();
  const std::string postings = Key(View::kPosting).bytes();
  for (auto row = snapshot_before->Range(postings, EndOf(postings)); row->Valid(); row->Next()) {
    v1::Row& gone = *delta.add_rows();
    gone.set_key(std::string(row->key()));
    gone.set_deleted(true);
  }
  ASSERT_TRUE((*store)->Apply(delta));
  const auto snapshot = (*store)->TakeSnapshot();
  for (const Planted& one : planted) {
    FeedFilter filter = ForAlerts(one.filter);
    filter.with_confirmations = true;
    EXPECT_EQ(ReadThrough(*snapshot, filter).matches, 2'000 / one.every) << one.term;
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
