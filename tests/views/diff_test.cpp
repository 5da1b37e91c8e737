// What two states of a small history say differently, and what it costs to find out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/views/history.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Scheduled(const std::string& id, const std::string& date, const std::string& other) {
  return R"({"stream":"meeting/)" + id +
         R"(","meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":")" + other +
         R"("}]},"meeting_scheduled":{"date":{"edtf":")" + date + R"("}}})";
}
std::string On(const std::string& id, const std::string& payload, const std::string& more = "") {
  return R"({"stream":"meeting/)" + id + R"(",)" + more + payload + "}";
}

// Positions 1-6 are before, 7-12 after.
History WithOneOfEach() {
  History history;
  history.Append({Scheduled("moved", "2021-06-01", "US"), Scheduled("cancelled", "2021-06", "DE"),
                  Scheduled("one", "2021-07-01", "GB"), Scheduled("two", "2021-07-01", "GB"),
                  Scheduled("withdrawn", "2021-08", "FR"), Scheduled("same", "2021-09", "IN")});
  history.Append(
      {Scheduled("added", "2021-10-01", "AU"),
       On("moved", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-06-15"}})",
          R"("reported":"2021-05-06",)"),
       On("cancelled", R"("meeting_cancelled":{"reason":"epidemic"})",
          R"("reported":"2021-05-06",)"),
       On("one", R"("meetings_merged":{"survivor":"meeting/one","absorbed":"meeting/two"})",
          R"("source":{"class":"inferred","publisher":"Desk"},)"),
       On("withdrawn", R"("report_retracted":{"target":"e5"})", R"("reported":"2021-05-06",)"),
       Scheduled("same", "2021-09", "IN")});
  return history;
}

v1::DiffRequest Between(std::uint64_t from, std::uint64_t to) {
  v1::DiffRequest request;
  *request.mutable_context() = TodayIs("2021-05-10");
  request.mutable_from()->set_position(from);
  if (to != 0) request.mutable_to()->set_position(to);
  return request;
}

std::vector<std::string> InWords(const v1::DiffReply& reply) {
  std::vector<std::string> all;
  for (const v1::MeetingDiff& meeting : reply.meetings()) {
    std::string line = ShortName(meeting.id()) + " " + v1::MeetingDiff::What_Name(meeting.what());
    if (!meeting.into().empty()) line += " into " + ShortName(meeting.into());
    if (meeting.what() != v1::MeetingDiff::added && meeting.what() != v1::MeetingDiff::removed) {
      for (const auto& fact : meeting.facts()) {
        line += "; " + fact.fact() + ": " + fact.before() + " -> " + fact.after();
      }
    }
    all.push_back(line);
  }
  return all;
}

TEST(Diff, SaysWhatCameWentAndChanged) {
  TestViews views(WithOneOfEach());
  const auto reply = views.Ask(Between(6, 12));
  EXPECT_THAT(
      InWords(reply),
      ElementsAre(
          "added added", "cancelled cancelled; status: reported -> cancelled; reason:  -> epidemic",
          "moved moved; date: 2021-06-01 -> 2021-06-15", "one changed; absorbed:  -> meeting/two",
          "two merged into one", "withdrawn removed"));
  EXPECT_EQ(reply.from_position(), 6U);
  EXPECT_EQ(reply.to_position(), 12U);
  EXPECT_THAT(reply.meetings(2).reasons(), ElementsAre(v1::ChangeType::rescheduled));
  EXPECT_EQ(reply.meetings(2).title(), "Japan-US two-plus-two");
}

// What weighs most is named, and all facts are listed.
TEST(Diff, NamesWhatWeighsMost) {
  History history;
  history.Append({Scheduled("a", "2021-06-01", "US"), Scheduled("b", "2021-06-01", "US"),
                  Scheduled("c", "2021-06-01", "US")});
  history.Append({On("a", R"("meeting_postponed":{"old_date":{"edtf":"2021-06-01"}})"),
                  On("b", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-06-15"}})"),
                  On("c", R"("meeting_moved":{"place":"Tokyo"})")});
  history.Append({On("a", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-07-01"}})"),
                  On("b", R"("meeting_cancelled":{"reason":"epidemic"})")});
  history.Append({On("b", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-08-01"}})")});
  TestViews views(history);
  const auto brief = [&](std::uint64_t from, std::uint64_t to) {
    std::vector<std::string> all;
    for (const std::string& line : InWords(views.Ask(Between(from, to)))) {
      all.push_back(line.substr(0, line.find(';')));
    }
    return all;
  };
  EXPECT_THAT(brief(3, 6), ElementsAre("a postponed", "b moved", "c changed"));
  EXPECT_THAT(brief(6, 8), ElementsAre("a moved", "b cancelled"));
  EXPECT_THAT(brief(3, 8), ElementsAre("a moved", "b cancelled", "c changed"));
  EXPECT_THAT(brief(8, 9), ElementsAre("b moved"));
}

TEST(Diff, OfAMeetingThatCameTheFactsHadNoValue) {
  TestViews views(WithOneOfEach());
  const auto reply = views.Ask(Between(6, 7));
  ASSERT_EQ(reply.meetings_size(), 1);
  for (const auto& fact : reply.meetings(0).facts()) {
    EXPECT_EQ(fact.before(), "") << fact.fact();
    EXPECT_NE(fact.after(), "") << fact.fact();
  }
}

TEST(Diff, FromNothingIsAllThereIs) {
  TestViews views(WithOneOfEach());
  EXPECT_THAT(InWords(views.Ask(Between(0, 2))), ElementsAre("cancelled added", "moved added"));
  EXPECT_THAT(
      InWords(views.Ask(Between(0, 0))),
      ElementsAre("added added", "cancelled added", "moved added", "one added", "same added"));
}

TEST(Diff, AStateAgainstItselfIsEmpty) {
  TestViews views(WithOneOfEach());
  for (const std::uint64_t position : {3U, 6U, 12U}) {
    EXPECT_THAT(InWords(views.Ask(Between(position, position))), IsEmpty());
  }
}

TEST(Diff, AMeetingMatchesByWhatItIsOrWas) {
  History history;
  history.Append({Scheduled("a", "2021-06-01", "BR"), Scheduled("b", "2021-06-02", "US")});
  history.Append({On("a", R"("parties_changed":{"added":[{"name":"US"}],"removed":["BR"]})"),
                  On("b", R"("parties_changed":{"added":[{"name":"BR"}]})"),
                  Scheduled("c", "2021-06-03", "US")});
  TestViews views(history);
  auto request = Between(2, 5);
  request.mutable_filter()->add_countries("Brazil");
  EXPECT_THAT(InWords(views.Ask(request)), ElementsAre(HasSubstr("a changed; parties: BR; JP"),
                                                       HasSubstr("b changed; parties: JP; US")));
  request.mutable_filter()->set_to("2021-06-01");
  EXPECT_THAT(InWords(views.Ask(request)), ElementsAre(HasSubstr("a changed")));
}

TEST(Diff, ByRecordedDaysAndTimes) {
  const History history = History()
                              .At(1'620'000'000'000)  // 2021-05-03T00:00:00Z
                              .Append({Scheduled("first", "2021-06-01", "US")})
                              .At(1'620'100'000'000)  // 2021-05-04
                              .Append({Scheduled("second", "2021-06-02", "US")});
  TestViews views(history);
  v1::DiffRequest request;
  *request.mutable_context() = TodayIs("2021-05-10");
  request.mutable_from()->set_recorded("2021-05-03");
  EXPECT_THAT(InWords(views.Ask(request)), ElementsAre("second added"));
  request.mutable_from()->set_recorded("2021-05-02");
  request.mutable_to()->set_recorded("2021-05-03T12:00:00Z");
  EXPECT_THAT(InWords(views.Ask(request)), ElementsAre("first added"));
}

// The later report is not there yet for who asks as of the day before, in either state; what was
// recorded in between about that day is.
TEST(Diff, BoundedByWhatSourcesHadSaid) {
  History history;
  history.Append({Scheduled("a", "2021-06-01", "US")});
  history.Append({On("a", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-06-15"}})",
                     R"("reported":"2021-05-07",)")});
  history.Append({On("a", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-06-08"}})",
                     R"("reported":"2021-05-06",)")});
  TestViews views(history);
  auto request = Between(1, 2);
  request.mutable_filter()->add_countries("US");
  request.mutable_context()->mutable_as_of()->set_reported("2021-05-06");
  EXPECT_THAT(InWords(views.Ask(request)), IsEmpty());
  request.mutable_to()->set_position(3);
  EXPECT_THAT(InWords(views.Ask(request)), ElementsAre("a moved; date: 2021-06-01 -> 2021-06-08"));
}

// Withdrawn by what was said later, it has no country left; for who asks as of a day before, it was
// rescheduled.
TEST(Diff, WhatWasSaidLaterDoesNotHideWhatWasThere) {
  History history;
  history.Append({Scheduled("a", "2021-06-01", "US"),
                  On("a", R"("report_retracted":{"target":"e1"})", R"("reported":"2021-05-09",)")});
  history.Append({On("a", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-06-08"}})",
                     R"("reported":"2021-05-06",)"),
                  On("a", R"("report_retracted":{"target":"e3"})", R"("reported":"2021-05-09",)")});
  TestViews views(history);
  auto request = Between(2, 4);
  request.mutable_filter()->add_countries("US");
  EXPECT_THAT(InWords(views.Ask(request)), IsEmpty());
  request.mutable_context()->mutable_as_of()->set_reported("2021-05-06");
  EXPECT_THAT(InWords(views.Ask(request)), ElementsAre("a moved; date: 2021-06-01 -> 2021-06-08"));
}

TEST(Diff, PagesEndAtTheStateOfTheFirst) {
  History history = WithOneOfEach();
  TestViews views(history);
  auto request = Between(6, 0);
  request.set_page_size(2);
  std::vector<std::string> all;
  for (int page = 0; page < 10; ++page) {
    const auto reply = views.Ask(request);
    EXPECT_LE(reply.meetings_size(), 2);
    EXPECT_EQ(reply.to_position(), 12U);
    for (const auto& meeting : reply.meetings()) all.push_back(ShortName(meeting.id()));
    if (reply.next_page_token().empty()) break;
    request.set_page_token(reply.next_page_token());
    if (page == 0) {
      const auto before = history.commits().size();
      history.Append({Scheduled("zz", "2021-12-01", "US")});
      views.Project({history.commits().begin() + static_cast<std::ptrdiff_t>(before),
                     history.commits().end()});
    }
  }
  EXPECT_THAT(all, ElementsAre("added", "cancelled", "moved", "one", "two", "withdrawn"));
}

// The same few changes behind a short history and behind one twenty times as long.
TEST(Diff, CostsWhatChangedAndNotWhatThereIs) {
  const auto cost = [](int meetings) {
    History history;
    std::vector<std::string> events;
    events.reserve(static_cast<std::size_t>(meetings));
    for (int i = 0; i < meetings; ++i) {
      events.push_back(Scheduled("m" + std::to_string(i), "2021-06-01", "US"));
    }
    history.Append(events);
    history.Append({On("m0", R"("meeting_rescheduled":{"new_date":{"edtf":"2021-06-15"}})",
                       R"("reported":"2021-05-06",)"),
                    Scheduled("new", "2021-06-02", "US")});
    TestViews views(history);
    const auto reply = views.Ask(Between(static_cast<std::uint64_t>(meetings), 0));
    EXPECT_EQ(reply.meetings_size(), 2);
    return reply.answered().rows_examined();
  };
  const auto few = cost(20);
  EXPECT_GT(few, 0U);
  EXPECT_LE(cost(400), few + 4);
}

TEST(Diff, RefusesWhatItCannotCompare) {
  TestViews views(WithOneOfEach());
  const auto field = [&](const v1::DiffRequest& request) {
    const auto reply = views.TryAsk(request);
    return reply ? "answered" : reply.error().field;
  };
  EXPECT_EQ(field(Between(7, 6)), "to");
  auto request = Between(1, 2);
  request.clear_from();
  EXPECT_EQ(field(request), "from");
  request = Between(1, 2);
  request.mutable_from()->set_reported("2021-05-05");
  EXPECT_EQ(field(request), "from.reported");
  request = Between(1, 0);
  request.mutable_to()->set_recorded("in May");
  EXPECT_EQ(field(request), "to.recorded");
  request = Between(1, 2);
  request.mutable_context()->mutable_as_of()->set_position(1);
  EXPECT_EQ(field(request), "context.as_of");
  request = Between(1, 2);
  request.set_page_token("not ours");
  EXPECT_EQ(field(request), "page_token");
}

}  // namespace
}  // namespace entente::views
