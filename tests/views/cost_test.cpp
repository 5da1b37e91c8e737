// What an answer reads depends on what it says, not on how much there is to be asked for.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/views/history.h"

namespace entente::views {
namespace {

Day DayOf(int meeting) { return Day::FromIso("2015-01-01")->PlusDays(meeting / 2); }

// Meetings of Japan with five others, two a day, each planned a month ahead; every other one is
// told to have been held on the day behind it, of the rest nobody hears again.
History ManyMeetings(int meetings) {
  constexpr std::array kPartners = {"US", "IN", "DE", "FR", "AU"};
  History history;
  std::vector<std::string> events;
  const auto tell = [&](int meeting, const std::string& reported, const std::string& says) {
    events.push_back(fmt::format(
        R"({{"stream":"meeting/m{:05}","reported":"{}","source":{{"publisher":"Daily {}",)"
        R"("class":"media"}},"meeting":{{"kind":"two-plus-two","parties":[{{"name":"JP"}},)"
        R"({{"name":"{}"}}]}},{}:{{"date":{{"edtf":"{}"}}}}}})",
        meeting, reported, meeting % 7, kPartners[static_cast<std::size_t>(meeting) % 5], says,
        DayOf(meeting).Iso()));
    if (events.size() < 500) return;
    history.Append(std::move(events));
    events.clear();
  };
  constexpr int kAhead = 60;
  for (int i = 0; i < meetings + kAhead; ++i) {
    if (i < meetings) tell(i, DayOf(i).PlusDays(-30).Iso(), R"("meeting_scheduled")");
    const int past = i - kAhead;
    if (past >= 0 && past % 2 == 0) {
      tell(past, DayOf(past).PlusDays(1).Iso(), R"("meeting_held")");
    }
  }
  if (!events.empty()) history.Append(std::move(events));
  return history;
}

struct Views {
  explicit Views(int count) : meetings(count), history(ManyMeetings(count)), views(history) {}
  int meetings;
  History history;
  TestViews views;

  v1::TimelineRequest Timeline() const {
    v1::TimelineRequest request;
    *request.mutable_context() = TodayIs("2025-01-01");
    request.mutable_filter()->add_countries("JP");
    return request;
  }
  v1::MeetingRequest Meeting(int number) const {
    v1::MeetingRequest request;
    *request.mutable_context() = TodayIs("2025-01-01");
    request.set_id(fmt::format("m{:05}", number));
    return request;
  }
  std::string MiddleDay() const { return DayOf(meetings / 2).Iso(); }
  template <class Request>
  std::uint64_t RowsFor(const Request& request) {
    return views.Ask(request).answered().rows_examined();
  }
};

struct Asked {
  const char* what;
  std::function<std::uint64_t(Views*)> rows;
  std::uint64_t at_most;
};

const std::vector<Asked>& Questions() {
  static const std::vector<Asked> all = {
      {"a page of the timeline", [](Views* v) { return v->RowsFor(v->Timeline()); }, 400},
      {"newest first",
       [](Views* v) {
         auto request = v->Timeline();
         request.set_newest_first(true);
         return v->RowsFor(request);
       },
       400},
      {"from a day on",
       [](Views* v) {
         auto request = v->Timeline();
         request.mutable_filter()->set_from(v->MiddleDay());
         return v->RowsFor(request);
       },
       1'800},
      {"until a day, newest first",
       [](Views* v) {
         auto request = v->Timeline();
         request.mutable_filter()->set_to(v->MiddleDay());
         request.set_newest_first(true);
         return v->RowsFor(request);
       },
       1'800},
      {"of two countries",
       [](Views* v) {
         auto request = v->Timeline();
         request.mutable_filter()->add_countries_all("IN");
         return v->RowsFor(request);
       },
       1'800},
      {"as of a reported day",
       [](Views* v) {
         auto request = v->Timeline();
         request.mutable_context()->mutable_as_of()->set_reported(v->MiddleDay());
         return v->RowsFor(request);
       },
       2'200},
      {"as of a position",
       [](Views* v) {
         auto request = v->Timeline();
         request.mutable_context()->mutable_as_of()->set_position(v->history.events() / 2);
         return v->RowsFor(request);
       },
       2'200},
      {"as of before the first report",
       [](Views* v) {
         auto request = v->Timeline();
         request.mutable_context()->mutable_as_of()->set_position(1);
         request.mutable_context()->mutable_as_of()->set_reported("1999-01-01");
         request.mutable_filter()->set_to("2000");
         return v->RowsFor(request);
       },
       60},
      {"a meeting that was held",
       [](Views* v) { return v->RowsFor(v->Meeting(v->meetings / 4 * 2)); }, 30},
      {"one that lapsed", [](Views* v) { return v->RowsFor(v->Meeting(v->meetings / 4 * 2 + 1)); },
       60},
      {"a meeting as of both axes",
       [](Views* v) {
         auto request = v->Meeting(v->meetings / 8 * 2);
         request.mutable_context()->mutable_as_of()->set_reported(v->MiddleDay());
         request.mutable_context()->mutable_as_of()->set_position(v->history.events() / 2);
         return v->RowsFor(request);
       },
       200},
      {"a page of what is pending",
       [](Views* v) {
         v1::PendingRequest request;
         *request.mutable_context() = TodayIs("2025-01-01");
         return v->RowsFor(request);
       },
       3'000},
  };
  return all;
}

TEST(Cost, DoesNotGrowWithTheHistory) {
  Views few(2'000);
  Views many(4'000);
  for (const Asked& asked : Questions()) {
    const std::uint64_t of_few = asked.rows(&few);
    const std::uint64_t of_many = asked.rows(&many);
    EXPECT_LE(of_many, of_few + of_few / 2 + 20) << asked.what;
    EXPECT_LE(of_many, asked.at_most) << asked.what;
  }
}

TEST(Cost, CountingStopsAndSaysSoUnlessAllIsAskedFor) {
  Views many(2'400);
  auto request = many.Timeline();
  request.mutable_filter()->set_from("2015-02-01");
  const auto page = many.views.Ask(request);
  EXPECT_TRUE(page.at_least());
  EXPECT_GT(page.possible(), 50);
  EXPECT_LT(page.possible(), 2'400 - 62);
  // What was counted is said on the other pages too.
  request.set_page_token(page.next_page_token());
  const auto next = many.views.Ask(request);
  EXPECT_TRUE(next.at_least());
  EXPECT_EQ(next.possible(), page.possible());
  request.clear_page_token();
  request.set_count_all(true);
  const auto whole = many.views.Ask(request);
  EXPECT_FALSE(whole.at_least());
  EXPECT_EQ(whole.possible(), 2'400 - 62);
  EXPECT_EQ(whole.certain(), 2'400 - 62);
}

// To count what was then, each meeting would have to be folded.
TEST(Cost, CountingAsOfThenStopsAtThePageWhereThereAreMany) {
  Views many(2'400);
  auto request = many.Timeline();
  request.mutable_context()->mutable_as_of()->set_position(many.history.events() / 2);
  const auto page = many.views.Ask(request);
  EXPECT_TRUE(page.at_least());
  EXPECT_EQ(page.possible(), 51U);  // the page, and the one that shows that there are more
  request.set_page_token(page.next_page_token());
  const auto next = many.views.Ask(request);
  EXPECT_TRUE(next.at_least());
  EXPECT_EQ(next.possible(), 51U);
  request.clear_page_token();
  request.set_count_all(true);
  const auto whole = many.views.Ask(request);
  EXPECT_FALSE(whole.at_least());
  EXPECT_GT(whole.possible(), 1'000U);
  // Of few all are counted.
  Views few(200);
  auto of_few = few.Timeline();
  of_few.mutable_context()->mutable_as_of()->set_position(few.history.events() / 2);
  const auto all_of_few = few.views.Ask(of_few);
  EXPECT_FALSE(all_of_few.at_least());
  EXPECT_GT(all_of_few.possible(), 51U);
}

}  // namespace
}  // namespace entente::views
