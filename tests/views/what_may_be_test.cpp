// What may have come of a meeting that was put off, and what may have been one: answers that go
// beyond what any single component or stream says.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/views/random_history.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Report(const std::string& id, const std::string& reported, const std::string& says,
                   const std::string& parties = R"({"name":"JP"},{"name":"IN"})") {
  return R"({"stream":"meeting/)" + id + R"(","reported":")" + reported +
         R"(","meeting":{"kind":"two-plus-two","parties":[)" + parties + "]}," + says + "}";
}
std::string Held(const std::string& day) {
  return R"("meeting_held":{"date":{"edtf":")" + day + R"("}})";
}
std::string Scheduled(const std::string& day) {
  return R"("meeting_scheduled":{"date":{"edtf":")" + day + R"("}})";
}
const char* const kPostponed = R"("meeting_postponed":{"old_date":{"edtf":"2021-04-24"}})";

// Put off in 2021; the next talks in 2022, others before and between.
History PutOff() {
  History history;
  history.Append({Report("late", "2021-05-05", kPostponed),
                  Report("before", "2021-05-02", Held("2021-05-01")),
                  Report("with-us", "2021-07-02", Held("2021-07-01"),
                         R"({"name":"JP"},{"name":"IN"},{"name":"US"})"),
                  Report("next", "2022-09-08", Held("2022-09-08")),
                  Report("over-next", "2022-09-09", Scheduled("2023-03-01"))});
  return history;
}

const char* const kLink =
    R"({"stream":"meeting/late","reported":"2022-09-10","source":{"class":"inferred"},)"
    R"("meeting_linked":{"other":"meeting/next","relation":"successor"}})";

std::vector<std::string> Pending(TestViews* views, const std::string& today,
                                 const std::string& as_of = "") {
  v1::PendingRequest request;
  *request.mutable_context() = TodayIs(today);
  request.mutable_context()->mutable_as_of()->set_reported(as_of);
  const auto reply = views->Ask(request);
  std::vector<std::string> shown;
  for (const auto& entry : reply.entries()) {
    std::string text = ShortName(entry.meeting().id());
    for (const auto& link : entry.meeting().links()) {
      text += (link.suggested() ? " perhaps " : " ") + ShortName(link.other()) + " " + link.date() +
              " " + v1::Meeting::Outcome_Name(link.outcome());
    }
    shown.push_back(text);
  }
  return shown;
}

TEST(Successors, OnlyTheNextOfItsKindAndPartiesIsSuggested) {
  TestViews views(PutOff());
  EXPECT_THAT(Pending(&views, "2022-10-01"), ElementsAre("late perhaps next 2022-09-08 held"));
  EXPECT_THAT(Pending(&views, "2022-10-01", "2022-01-01"), ElementsAre("late"));
  EXPECT_THAT(Pending(&views, "2022-10-01", "2022-10-01"),
              ElementsAre("late perhaps next 2022-09-08 held"));
}

TEST(Successors, WhatASourceLinksIsNoLongerPending) {
  History history = PutOff();
  history.Append({kLink});
  TestViews views(history);
  EXPECT_THAT(Pending(&views, "2022-10-01"), IsEmpty());
  // It still reads as put off, followed by the other.
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2022-10-01");
  const auto reply = views.Ask(request);
  const v1::Meeting& late = reply.entries(0).meeting();
  EXPECT_EQ(late.id(), "meeting/late");
  EXPECT_EQ(late.status(), v1::Meeting::status_postponed);
  ASSERT_EQ(late.links_size(), 1);
  EXPECT_FALSE(late.links(0).suggested());
  EXPECT_EQ(late.links(0).date(), "2022-09-08");
  EXPECT_EQ(late.links(0).outcome(), v1::Meeting::held);
  // Before the other was held it was waited for; the link is ours, and there always.
  EXPECT_THAT(Pending(&views, "2022-01-01", "2022-01-01"),
              ElementsAre("late next  outcome_unspecified"));
}

TEST(Timeline, APostponedMeetingIsTiedWithNone) {
  History history;
  history.Append(
      {Report("late", "2021-05-05", kPostponed),
       Report("same-day", "2021-05-02", Held("2021-04-24"), R"({"name":"JP"},{"name":"US"})"),
       Report("that-month", "2021-05-02", Held("2021-04"), R"({"name":"JP"},{"name":"DE"})")});
  TestViews views(history);
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2021-06-01");
  const auto shown = [&] {
    std::vector<std::string> ids;
    do {
      const auto reply = views.Ask(request);
      for (const auto& entry : reply.entries()) {
        ids.push_back(ShortName(entry.meeting().id()) + (entry.tied_with_next() ? " =" : ""));
      }
      request.set_page_token(reply.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  };
  EXPECT_THAT(shown(), ElementsAre("that-month", "late", "same-day"));
  request.set_page_size(1);
  EXPECT_THAT(shown(), ElementsAre("that-month", "late", "same-day"));
  request.mutable_filter()->add_statuses(v1::Meeting::status_held);
  EXPECT_THAT(shown(), ElementsAre("that-month =", "same-day"));
}

// Talks of a few pairs, many put off or without news, some with a side that only rumours name.
History ManyTalks(Dice* dice) {
  constexpr int kTalks = 40;
  const auto one_of = [&](std::vector<std::string> words) {
    return words[static_cast<std::size_t>(Below(dice, static_cast<int>(words.size())))];
  };
  const auto day = [&](int year) {
    return Day::FromIso(fmt::format("{}-01-01", year))->PlusDays(Below(dice, 700)).Iso();
  };
  History history;
  for (int i = 0; i < kTalks; ++i) {
    const std::string id = fmt::format("t{}", i);
    const std::string partner = one_of({"IN", "US", "DE"});
    const std::string parties = fmt::format(R"({{"name":"JP"}},{{"name":"{}"}})", partner);
    const std::string date = day(2021);
    std::vector<std::string> reports = {
        Report(id, "2020-12-01", Below(dice, 3) == 0 ? Held(date) : Scheduled(date), parties)};
    switch (Below(dice, 5)) {
      case 0:
        reports.push_back(Report(id, day(2021), R"("meeting_postponed":{})", parties));
        break;
      case 1:
        reports.push_back(Report(id, day(2021), R"("meeting_cancelled":{})", parties));
        break;
      case 2:
        reports.push_back(Report(id, day(2021), Scheduled(day(2021)), parties));
        break;
      case 3:
        reports.push_back(fmt::format(
            R"({{"stream":"meeting/{}","reported":"2021-01-05","source":{{"class":"unnamed_sources"}},)"
            R"("meeting":{{"parties":[{{"name":"{}"}}]}},"meeting_announced":{{}}}})",
            id, one_of({"FR", "AU"})));
        break;
      default:
        break;
    }
    history.Append(reports);
  }
  return history;
}

// Now it is read off a list; as of a day at the end of all days it is looked for among folds.
TEST(Successors, AreTheSameByTheListAndByWhatIsFolded) {
  int suggested = 0;
  ForSeeds(12, [&](Dice* dice) {
    TestViews views(ManyTalks(dice));
    v1::PendingRequest now;
    *now.mutable_context() = TodayIs("2022-01-01");
    v1::PendingRequest then = now;
    then.mutable_context()->mutable_as_of()->set_reported("9999-12-31");
    const auto links = [&](const v1::PendingRequest& request) {
      std::map<std::string, std::string> links;
      const auto page = views.Ask(request);
      for (const auto& entry : page.entries()) {
        for (const auto& link : entry.meeting().links()) {
          if (link.suggested()) links[entry.meeting().id()] += link.ShortDebugString();
        }
      }
      return links;
    };
    const auto found = links(now);
    EXPECT_EQ(found, links(then));
    suggested += static_cast<int>(found.size());
  });
  EXPECT_GT(suggested, 100);
}

// Plans for a day, a month, a season, a year, some years, and with open ends.
History OfAllLengths(Dice* dice) {
  History history;
  for (int i = 0; i < 60; ++i) {
    const int year = 2019 + Below(dice, 5);
    const int month = 1 + Below(dice, 12);
    const std::vector<std::string> dates = {
        fmt::format("{}-{:02}-{:02}", year, month, 1 + Below(dice, 28)),
        fmt::format("{}-{:02}", year, month),
        fmt::format("{}-{}", year, 33 + Below(dice, 4)),
        fmt::format("{}", year),
        fmt::format("{}-{:02}-10/{}-{:02}-11", year, month, year + Below(dice, 3), month),
        fmt::format("{}-{:02}-10/..", year, month),
        fmt::format("../{}-{:02}-10", year, month)};
    const std::string& date = dates[static_cast<std::size_t>(Below(dice, 7))];
    history.Append({Report(fmt::format("t{}", i), "2019-01-01", Scheduled(date))});
  }
  return history;
}

v1::TimelineRequest RandomWindow(Dice* dice) {
  const Day day = Day::FromIso("2019-01-01")->PlusDays(Below(dice, 2'000));
  v1::TimelineRequest window;
  *window.mutable_context() = TodayIs(day.Iso());
  window.mutable_filter()->set_from(day.Iso());
  window.mutable_filter()->set_to(day.PlusDays(Below(dice, 40)).Iso());
  window.set_newest_first(Below(dice, 2) == 0);
  window.set_page_size(1'000);
  return window;
}

v1::PendingRequest PendingOn(const v1::QueryContext& context) {
  v1::PendingRequest pending;
  *pending.mutable_context() = context;
  pending.set_page_size(1'000);
  return pending;
}

// Of all pages.
template <class Request>
std::vector<std::string> ShownBy(TestViews* views, Request request) {
  std::vector<std::string> shown;
  do {
    const auto page = views->Ask(request);
    EXPECT_LE(page.entries_size(), static_cast<int>(request.page_size()));
    for (const auto& entry : page.entries()) {
      std::string text = ShortName(entry.meeting().id()) + (entry.certain() ? "" : "?");
      for (const auto& link : entry.meeting().links()) text += link.ShortDebugString();
      shown.push_back(text);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return shown;
}

template <class Request>
Request AtTheEndOfDays(Request request) {
  request.mutable_context()->mutable_as_of()->set_reported("9999-12-31");
  return request;
}

// Lists are walked from where what still reaches a day can begin; folds are looked at all.
TEST(LongDates, AreFoundByTheirListsAsAmongAllThereAre) {
  std::size_t found = 0;
  ForSeeds(6, [&](Dice* dice) {
    TestViews views(OfAllLengths(dice));
    for (int i = 0; i < 20; ++i) {
      const v1::TimelineRequest window = RandomWindow(dice);
      const v1::PendingRequest pending = PendingOn(window.context());
      const auto in_window = ShownBy(&views, window);
      EXPECT_EQ(in_window, ShownBy(&views, AtTheEndOfDays(window))) << window.ShortDebugString();
      const auto waits = ShownBy(&views, pending);
      EXPECT_EQ(waits, ShownBy(&views, AtTheEndOfDays(pending))) << pending.ShortDebugString();
      found += in_window.size() + waits.size();
    }
  });
  EXPECT_GT(found, 5'000U);
}

TEST(LongDates, AreOnSmallPagesWhatTheyAreOnOne) {
  ForSeeds(2, [&](Dice* dice) {
    TestViews views(OfAllLengths(dice));
    for (int i = 0; i < 4; ++i) {
      v1::TimelineRequest window = RandomWindow(dice);
      v1::PendingRequest pending = PendingOn(window.context());
      const auto in_window = ShownBy(&views, window);
      const auto waits = ShownBy(&views, pending);
      const auto size = static_cast<std::uint32_t>(1 + Below(dice, 4));
      window.set_page_size(size);
      pending.set_page_size(size);
      EXPECT_EQ(ShownBy(&views, window), in_window) << window.ShortDebugString();
      EXPECT_EQ(ShownBy(&views, pending), waits) << pending.ShortDebugString();
      EXPECT_EQ(ShownBy(&views, AtTheEndOfDays(pending)), waits) << pending.ShortDebugString();
      pending.set_with_counts(true);
      EXPECT_EQ(ShownBy(&views, AtTheEndOfDays(pending)), waits) << pending.ShortDebugString();
    }
  });
}

// The rows as projection version 4 made them of the same log: without lists by span, and without
// what may follow.
RowMap RowsOfVersionBefore(const TestViews& views) {
  RowMap rows;
  for (auto [key, value] : views.Rows()) {
    const auto view = static_cast<View>(static_cast<unsigned char>(key[0]));
    if (view == View::kFollowing) continue;
    if (view == View::kCoarse) key.erase(key.find('\0', 2) + 1, 1);
    if (view == View::kPending && key[1] > 2) key[1] = 1;
    rows.emplace(std::move(key), std::move(value));
  }
  return rows;
}

// They are served until those of this version are made.
TEST(ViewsOfTheVersionBefore, AnswerTheSame) {
  ForSeeds(4, [&](Dice* dice) {
    const History history = Below(dice, 2) == 0 ? OfAllLengths(dice) : ManyTalks(dice);
    TestViews views(history);
    TestViews before(1U << 20, 4);
    const RowMap rows = RowsOfVersionBefore(views);
    RowDelta delta;
    delta.generation = "g1";
    delta.to = views.store().checkpoint();
    for (const auto& [key, value] : rows) delta.rows.push_back({key, value});
    ASSERT_TRUE(before.store().Apply(delta));
    for (int i = 0; i < 12; ++i) {
      const v1::TimelineRequest window = RandomWindow(dice);
      const v1::PendingRequest pending = PendingOn(window.context());
      EXPECT_EQ(ShownBy(&before, window), ShownBy(&views, window)) << window.ShortDebugString();
      EXPECT_EQ(ShownBy(&before, pending), ShownBy(&views, pending)) << pending.ShortDebugString();
    }
  });
}

std::string Mentioned(const std::string& pair, const std::string& day) {
  return R"({"stream":"pair/)" + pair + R"(","reported":")" + day +
         R"(","source":{"publisher":"ICEWS","class":"inferred"},"mention_recorded":{"coder":)"
         R"("icews","code":"042","actors":[")" +
         pair.substr(0, 2) + R"(",")" + pair.substr(3) + R"("],"day":")" + day + R"("}})";
}

std::vector<std::string> Candidates(TestViews* views, const v1::Filter& filter,
                                    const std::string& as_of = "") {
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2022-01-01");
  request.mutable_context()->mutable_as_of()->set_reported(as_of);
  *request.mutable_filter() = filter;
  EXPECT_EQ(views->Ask(request).candidates_size(), 0) << "not unless asked for";
  request.set_candidates(true);
  const auto reply = views->Ask(request);
  std::vector<std::string> shown;
  for (const auto& run : reply.candidates()) {
    std::string text = run.pair() + " " + run.first() + "/" + run.last();
    for (const auto& id : run.meetings()) text += " " + ShortName(id);
    shown.push_back(text);
  }
  return shown;
}

TEST(Mentions, AreShownInRunsBesideTheMeetingsTheyMayBe) {
  History history;
  history.Append(
      {Mentioned("JP-US", "2021-04-14"), Mentioned("JP-US", "2021-04-17"),
       Mentioned("JP-US", "2021-06-01"), Mentioned("IN-JP", "2021-04-15"),
       Mentioned("FR-US", "2021-04-15"),
       Report("suga", "2021-04-18", Held("2021-04-16"), R"({"name":"JP"},{"name":"US"})")});
  TestViews views(history);
  v1::Filter filter;
  EXPECT_THAT(Candidates(&views, filter),
              ElementsAre("JP-US 2021-04-14/2021-04-17 suga", "FR-US 2021-04-15/2021-04-15",
                          "IN-JP 2021-04-15/2021-04-15", "JP-US 2021-06-01/2021-06-01"));
  EXPECT_THAT(Candidates(&views, filter, "2021-04-15"),
              ElementsAre("JP-US 2021-04-14/2021-04-14", "FR-US 2021-04-15/2021-04-15",
                          "IN-JP 2021-04-15/2021-04-15"));
  filter.add_countries("JP");
  filter.set_from("2021-04-16");
  EXPECT_THAT(Candidates(&views, filter),
              ElementsAre("JP-US 2021-04-14/2021-04-17 suga", "JP-US 2021-06-01/2021-06-01"));
  filter.add_kinds("two-plus-two");
  EXPECT_THAT(Candidates(&views, filter), IsEmpty()) << "a row says nothing of kinds";
}

}  // namespace
}  // namespace entente::views
