// The change feed: what one event writes, and reading it filtered against reading all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/feed.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

constexpr Cursor kStart{};

FeedFilter Compile(const v1::Filter& filter) {
  auto compiled =
      FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  if (!compiled) {
    ADD_FAILURE() << compiled.error().ToString();
    return {};
  }
  compiled->with_confirmations = true;
  return *compiled;
}

// All of the feed from a cursor on, in pages of `limit`.
FeedPage ReadAll(TestViews* views, const FeedFilter& filter, Cursor after,
                 std::uint32_t limit = 1000) {
  const auto snapshot = views->store().TakeSnapshot();
  const AnswerContext context = TestViews::ContextOf(*snapshot);
  FeedPage all;
  all.covered_to = after;
  while (!all.at_head) {
    const auto page = ReadFeed(context, filter, all.covered_to, limit, true);
    if (!page) {
      ADD_FAILURE() << page.error().ToString();
      break;
    }
    EXPECT_LE(page->changes.size(), limit);
    EXPECT_TRUE(page->at_head || all.covered_to < page->covered_to) << "no way forward";
    all.changes.insert(all.changes.end(), page->changes.begin(), page->changes.end());
    all.covered_to = page->covered_to;
    all.at_head = page->at_head;
    all.rows_examined += page->rows_examined;
  }
  return all;
}

std::vector<std::string> Brief(const FeedPage& page) {
  std::vector<std::string> lines;
  for (const auto& told : page.changes) {
    std::string line = std::to_string(told.change().position()) + "." +
                       std::to_string(told.change().ordinal()) + " " +
                       ShortName(told.change().subject());
    for (const int reason : told.change().reasons()) {
      line += " " + v1::ChangeType::Value_Name(static_cast<v1::ChangeType::Value>(reason));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string Announced(const std::string& id, const std::string& countries) {
  return R"({"stream":"meeting/)" + id + R"(","meeting":{"kind":"two-plus-two","parties":[)" +
         countries + R"(]},"meeting_announced":{"date":{"edtf":"2021-06"}}})";
}
constexpr const char* kJapanIndia = R"({"name":"JP"},{"name":"IN"})";
constexpr const char* kJapanGermany = R"({"name":"JP"},{"name":"DE"})";

TEST(Feed, OneStatementAboutSeveralMeetingsIsAChangeOfEachInTheOrderOfTheirNames) {
  History history;
  history.Append({Announced("b-meeting", kJapanGermany), Announced("a-meeting", kJapanIndia)});
  history.Append({R"({"stream":"kind/two-plus-two","statement_made":{"who":"Japan",
      "about":["meeting/b-meeting","meeting/a-meeting","country/JP"],"topics":["cyber"],
      "summary":"Both will speak of it."}})"});
  TestViews views(history);
  EXPECT_THAT(
      Brief(ReadAll(&views, Compile({}), kStart)),
      ElementsAre("1.0 b-meeting announced", "2.0 a-meeting announced", "3.0 JP statement_made",
                  "3.1 two-plus-two statement_made", "3.2 a-meeting topics_tagged statement_made",
                  "3.3 b-meeting topics_tagged statement_made"));
  v1::Filter germany;
  germany.add_countries("Germany");
  const auto page = ReadAll(&views, Compile(germany), kStart);
  EXPECT_THAT(Brief(page),
              ElementsAre("1.0 b-meeting announced", "3.3 b-meeting topics_tagged statement_made"));
  EXPECT_THAT(page.changes[1].matched(), ElementsAre("country/DE"));
  EXPECT_THAT(page.changes[1].change().terms_after(),
              IsSupersetOf({"country/DE", "country/JP", "kind/two-plus-two", "topic/cyber",
                            "type/statement_made"}));
  EXPECT_THAT(page.changes[1].change().terms_before(), Not(testing::Contains("topic/cyber")));
  EXPECT_EQ(page.covered_to.position, Position(3));
}

TEST(Feed, ACountryThatWasRemovedIsTold) {
  History history;
  history.Append({Announced("talks", R"({"name":"JP"},{"name":"IN"},{"name":"US"})")});
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-06",
      "parties_changed":{"removed":["India"]}})"});
  TestViews views(history);
  v1::Filter india;
  india.add_countries("IN");
  EXPECT_THAT(Brief(ReadAll(&views, Compile(india), kStart)),
              ElementsAre("1.0 talks announced", "2.0 talks parties_changed"));
}

TEST(Feed, AMergeTellsBothMeetings) {
  History history;
  history.Append({Announced("one", kJapanIndia), Announced("two", kJapanIndia)});
  history.Append({R"({"stream":"meeting/one","source":{"publisher":"us","class":"inferred"},
      "meetings_merged":{"survivor":"meeting/one","absorbed":"meeting/two"}})"});
  TestViews views(history);
  const auto page = ReadAll(&views, Compile({}), {Position(2), Ordinal::Max()});
  ASSERT_EQ(page.changes.size(), 2);
  EXPECT_EQ(page.changes[0].change().subject(), "meeting/one");
  EXPECT_EQ(page.changes[1].change().subject(), "meeting/two");
  EXPECT_THAT(page.changes[1].change().reasons(), ElementsAre(v1::ChangeType::merged));
  EXPECT_THAT(page.changes[1].change().terms_after(), ElementsAre("type/merged"));
  v1::MeetingRequest request;
  *request.mutable_context() = TodayIs("2021-05-05");
  request.set_id("two");
  const auto meeting = views.Ask(request).meeting();
  EXPECT_EQ(meeting.id(), "meeting/one");
  EXPECT_EQ(meeting.asked_as(), "meeting/two");
  EXPECT_THAT(meeting.absorbed(), ElementsAre("meeting/two"));
}

TEST(Feed, ConfirmationsAndBackfillAreLeftOutUnlessAskedFor) {
  History history;
  history.Append({Announced("talks", kJapanIndia)});
  history.Append({Announced("talks", kJapanIndia)});
  v1::NewEvent old = EventOf(Announced("older", kJapanIndia));
  old.set_backfill(true);
  history.Append(std::vector{old});
  TestViews views(history);
  FeedFilter filter;
  filter.with_backfill = false;
  EXPECT_THAT(Brief(ReadAll(&views, filter, kStart)), ElementsAre("1.0 talks announced"));
  filter.with_backfill = true;
  filter.with_confirmations = true;
  EXPECT_THAT(Brief(ReadAll(&views, filter, kStart)),
              ElementsAre("1.0 talks announced", "2.0 talks confirmed", "3.0 older announced"));
}

TEST(Feed, ChangeTypesAreAskedForByTheirWords) {
  History history;
  history.Append({Announced("talks", kJapanIndia)});
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-06",
      "meeting_postponed":{"reason":"epidemic"}})"});
  TestViews views(history);
  v1::Filter filter;
  filter.add_countries("JP");
  filter.add_change_types(v1::ChangeType::postponed);
  EXPECT_THAT(Brief(ReadAll(&views, Compile(filter), kStart)), ElementsAre("2.0 talks postponed"));
}

TEST(Feed, LapsingIsNoChange) {
  v1::Filter filter;
  filter.add_statuses(v1::Meeting::status_lapsed);
  const auto compiled =
      FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().reason, Reason::kQueryInvalid);
  EXPECT_EQ(compiled.error().field, "filter.statuses[0]");
}

TEST(Feed, ADayIsFoundByWhenItWasRecorded) {
  const auto ms = [](const char* time) { return RecordedTimeFromRfc3339(time)->value(); };
  History history;
  history.At(ms("2021-05-05T10:00:00Z")).Append({Announced("one", kJapanIndia)});
  history.At(ms("2021-05-05T23:59:59Z")).Append({Announced("two", kJapanIndia)});
  history.At(ms("2021-05-07T00:00:00Z")).Append({Announced("three", kJapanIndia)});
  TestViews views(history);
  const auto snapshot = views.store().TakeSnapshot();
  const auto at = [&](const std::string& when) {
    const auto cursor = CursorAt(TestViews::ContextOf(*snapshot), when);
    return cursor ? cursor->position.value() : 999;
  };
  EXPECT_EQ(at("2021-05-01"), 0);
  EXPECT_EQ(at("2021-05-05"), 0);
  EXPECT_EQ(at("2021-05-05T10:00:01Z"), 1);
  EXPECT_EQ(at("2021-05-06"), 2);
  EXPECT_EQ(at("2021-05-07"), 2);
  EXPECT_EQ(at("2021-05-08"), 3);
  EXPECT_EQ(at("May"), 999);
}

// A tenth of the feed matches: what is read to find it is in proportion to that tenth.
TEST(Feed, AFilteredReaderPaysForItsMatches) {
  History history;
  for (int i = 0; i < 600; ++i) {
    history.Append(
        {Announced("m-" + std::to_string(i), i % 10 == 0 ? kJapanGermany : kJapanIndia)});
  }
  TestViews views(history);
  v1::Filter germany;
  germany.add_countries("DE");
  const auto page = ReadAll(&views, Compile(germany), kStart);
  EXPECT_EQ(page.changes.size(), 60);
  EXPECT_LE(page.rows_examined, 2 * page.changes.size() + 100);
  EXPECT_LT(page.rows_examined, 600);
}

// Does the change match, told by its terms alone? For filters of terms only.
bool Matches(const v1::Change& change, const FeedFilter& filter) {
  const auto fits = [&](const auto& held) {
    const std::set<std::string> terms(held.begin(), held.end());
    return std::ranges::all_of(filter.terms(), [&](const auto& group) {
      return std::ranges::any_of(group, [&](const auto& term) { return terms.contains(term); });
    });
  };
  return fits(change.terms_before()) || fits(change.terms_after());
}

TEST(Feed, FilteredIsWhatAllOfItHoldsThatMatches) {
  ForSeeds(20, [](Dice* dice) {
    const History history = RandomHistory(dice, 5 + Below(dice, 40));
    TestViews views(history);
    v1::Filter asked = RandomFilter(dice);
    asked.clear_from();
    asked.clear_to();
    asked.clear_certainty();
    asked.clear_members_too();
    asked.clear_statuses();
    if (Below(dice, 3) == 0) asked.add_statuses(v1::Meeting::status_postponed);
    const FeedFilter filter = Compile(asked);
    const auto whole = ReadAll(&views, Compile({}), kStart);
    std::vector<std::string> expected;
    const Cursor after{Position(static_cast<std::uint64_t>(Below(dice, 20))), Ordinal()};
    for (const auto& told : whole.changes) {
      const Cursor at{Position(told.change().position()),
                      Ordinal(static_cast<std::uint16_t>(told.change().ordinal()))};
      if (at > after && Matches(told.change(), filter)) {
        v1::DescribedChange change = told;
        change.clear_matched();
        expected.push_back(change.DebugString());
      }
    }
    auto filtered = ReadAll(&views, filter, after, static_cast<std::uint32_t>(1 + Below(dice, 5)));
    std::vector<std::string> found;
    for (auto& told : filtered.changes) {
      EXPECT_THAT(told.matched(),
                  testing::Conditional(filter.terms().empty(), IsEmpty(), Not(IsEmpty())));
      told.clear_matched();
      found.push_back(told.DebugString());
    }
    ASSERT_EQ(found, expected);
    EXPECT_GE(filtered.covered_to.position, Position(history.events()));
  });
}

// No change is told without words, source and place in the feed.
TEST(Feed, EveryChangeIsToldInWords) {
  ForSeeds(20, [](Dice* dice) {
    const History history = RandomHistory(dice, 5 + Below(dice, 40));
    TestViews views(history);
    Cursor last = kStart;
    for (const auto& told : ReadAll(&views, Compile({}), kStart).changes) {
      const Cursor at{Position(told.change().position()),
                      Ordinal(static_cast<std::uint16_t>(told.change().ordinal()))};
      ASSERT_LT(last, at);
      ASSERT_FALSE(told.text().empty()) << told.DebugString();
      ASSERT_FALSE(told.source().publisher().empty()) << told.DebugString();
      ASSERT_FALSE(told.change().reasons().empty()) << told.DebugString();
      last = at;
    }
  });
}

}  // namespace
}  // namespace entente::views
