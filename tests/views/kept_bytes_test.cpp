// Parts of answers kept for the next one, and reports in the bytes of an answer: they change none.
#include "views/meetings/kept_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/views/random_history.h"

namespace entente::views {
namespace {

std::string Held(const std::string& id, const std::string& page) {
  return R"({"stream":"meeting/talks","id":")" + id +
         R"(","source":{"publisher":"The Daily","class":"media","title":"Talks","locator":")" +
         page +
         R"("},"meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"IN"}]},)"
         R"("meeting_held":{"date":{"edtf":"2021-05-04"}}})";
}

v1::MeetingReply Ask(TestViews* views) {
  v1::MeetingRequest request;
  *request.mutable_context() = TodayIs("2021-06-01");
  request.set_id("talks");
  return views->Ask(request);
}

// What was projected since the last call.
void Project(TestViews* views, const History& history, std::size_t* projected) {
  views->Project({history.commits().begin() + static_cast<std::ptrdiff_t>(*projected),
                  history.commits().end()});
  *projected = history.commits().size();
}

TEST(WholeReports, TheSameQuestionHasTheSameAnswerAndReadsLess) {
  TestViews views(History().Append({Held("a", "p. 1"), Held("b", "p. 2")}));
  v1::MeetingReply first = Ask(&views);
  v1::MeetingReply again = Ask(&views);
  EXPECT_LT(again.answered().rows_examined(), first.answered().rows_examined());
  first.mutable_answered()->clear_rows_examined();
  again.mutable_answered()->clear_rows_examined();
  EXPECT_EQ(again.DebugString(), first.DebugString());
  EXPECT_EQ(again.meeting().reports(0).source().title(), "Talks");
}

// A report stays what it was; what becomes of it later is told all the same.
TEST(WholeReports, WhatBecameOfAReportIsTheMeetingsToSay) {
  History history;
  history.Append({Held("a", "p. 1"), Held("b", "p. 2")});
  TestViews views(history);
  std::size_t projected = history.commits().size();
  const auto fate_of = [&](const std::string& id) {
    const auto reply = Ask(&views);
    for (const v1::Report& report : reply.meeting().reports()) {
      if (report.event_id() == id) return report.fate().value();
    }
    ADD_FAILURE() << id << " is not there";
    return v1::Report::Fate::unspecified;
  };
  const auto before = fate_of("a");
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-06",
      "report_retracted":{"target":"a","basis":"source"}})"});
  Project(&views, history, &projected);
  EXPECT_EQ(fate_of("a"), v1::Report::Fate::retracted);
  EXPECT_NE(fate_of("a"), before);
  EXPECT_EQ(fate_of("b"), before);
}

// Of the same generation and at the same places, as after everything was begun anew.
TEST(WholeReports, AnotherStoreHasItsOwn) {
  TestViews one(History().Append({Held("a", "p. 1")}));
  TestViews other(History().Append({Held("a", "p. 2")}));
  EXPECT_EQ(Ask(&one).meeting().reports(0).source().locator(), "p. 1");
  EXPECT_EQ(Ask(&other).meeting().reports(0).source().locator(), "p. 2");
}

TEST(WholeReports, TakeNoMoreThanTheirRoom) {
  constexpr std::size_t kBytes = 64U << 10;
  WholeReports reports(kBytes);
  const auto bytes = [](std::string report) {
    return std::make_shared<const std::string>(std::move(report));
  };
  for (std::uint64_t i = 0; i < 1'000; ++i) reports.Keep(Position(i), bytes(std::to_string(i)));
  const std::vector<Position> asked = {Position(0), Position(999)};
  const auto found = reports.Find(asked);
  EXPECT_EQ(found[0], nullptr);
  ASSERT_NE(found[1], nullptr);
  EXPECT_EQ(*found[1], "999");
  reports.Keep(Position(5'000), bytes(std::string(kBytes, 'x')));
  EXPECT_EQ(reports.Find(std::vector{Position(5'000)})[0], nullptr);
}

template <class Request>
auto AskAs(ReportForm form, const TestViews& views, const Request& request) {
  const auto snapshot = views.store().TakeSnapshot();
  AnswerContext context = TestViews::ContextOf(*snapshot);
  context.reports = form;
  auto answer = Answer(context, request);
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().ToString());
  using Reply = std::decay_t<decltype(*answer)>;
  return answer ? *std::move(answer) : Reply();
}

std::size_t ReportsIn(const v1::Meeting& meeting) {
  return static_cast<std::size_t>(meeting.reports_size());
}
std::size_t ReportsIn(const v1::MeetingReply& reply) { return ReportsIn(reply.meeting()); }
template <class Reply>
std::size_t ReportsIn(const Reply& reply) {
  std::size_t reports = 0;
  for (const auto& entry : reply.entries()) reports += ReportsIn(entry.meeting());
  return reports;
}

// The second time from what was kept of the first. Adds up how many reports were told of.
template <class Request>
void ExpectTheSame(const TestViews& views, const Request& request, std::size_t* told) {
  auto whole = AskAs(ReportForm::kMessages, views, request);
  *told += ReportsIn(whole);
  whole.mutable_answered()->clear_rows_examined();
  for (int time = 0; time < 2; ++time) {
    const auto sent = AskAs(ReportForm::kBytes, views, request);
    decltype(whole) received;
    ASSERT_TRUE(received.ParseFromString(sent.SerializeAsString()));
    received.mutable_answered()->clear_rows_examined();
    ASSERT_EQ(received.DebugString(), whole.DebugString()) << request.ShortDebugString();
  }
}

TEST(SentAnswers, SayWhatAnswersSayThatAreReadAtOnce) {
  std::size_t told = 0;
  ForSeeds(8, [&](Dice* dice) {
    const TestViews views(RandomHistory(dice, 80));
    for (int i = 0; i < 12; ++i) {
      v1::QueryContext context = TodayIs(Below(dice, 2) == 0 ? "2021-04-22" : "2022-06-01");
      if (Below(dice, 3) == 0) {
        context.mutable_as_of()->set_position(1 + static_cast<std::uint64_t>(Below(dice, 80)));
      }
      if (Below(dice, 3) == 0) context.mutable_as_of()->set_reported("2021-05-10");
      v1::TimelineRequest timeline;
      *timeline.mutable_context() = context;
      *timeline.mutable_filter() = RandomFilter(dice);
      timeline.mutable_filter()->clear_change_types();
      ExpectTheSame(views, timeline, &told);
      v1::PendingRequest pending;
      *pending.mutable_context() = context;
      ExpectTheSame(views, pending, &told);
      const auto page = AskAs(ReportForm::kMessages, views, timeline);
      for (const auto& entry : page.entries()) {
        v1::MeetingRequest meeting;
        *meeting.mutable_context() = context;
        meeting.set_id(entry.meeting().id());
        ExpectTheSame(views, meeting, &told);
      }
    }
  });
  EXPECT_GT(told, 1'000U);
}

// A page is kept by the states of its meetings: one that changed is told as it is now, and so is
// one that only what it is linked to has changed for.
TEST(SentAnswers, AreOfTheDayAndTheStateThatIsAskedFor) {
  History history;
  history.Append({Held("a", "p. 1"),
                  R"({"stream":"meeting/next","meeting":{"kind":"summit",)"
                  R"("parties":[{"name":"JP"},{"name":"IN"}]},)"
                  R"("meeting_scheduled":{"date":{"edtf":"2021-07-01"}}})",
                  R"({"stream":"meeting/talks","meeting_linked":{"other":"meeting/next",)"
                  R"("relation":"successor"}})"});
  TestViews views(history);
  std::size_t projected = history.commits().size();
  v1::TimelineRequest request;
  const auto shown = [&](const std::string& today) {
    *request.mutable_context() = TodayIs(today);
    v1::TimelineReply reply;
    reply.ParseFromString(AskAs(ReportForm::kBytes, views, request).SerializeAsString());
    std::vector<std::string> meetings;
    for (const auto& entry : reply.entries()) {
      std::string text = v1::Meeting::Status_Name(entry.meeting().status());
      for (const auto& link : entry.meeting().links()) text += " then " + link.date();
      meetings.push_back(text);
    }
    return meetings;
  };
  // A change is shown with the meeting as it was then, and what that was linked to.
  v1::ChangesRequest changes;
  const auto described = [&] {
    std::vector<std::string> meetings;
    const auto reply = AskAs(ReportForm::kMessages, views, changes);
    for (const auto& change : reply.changes()) {
      std::string text = ShortName(change.meeting().id());
      for (const auto& link : change.meeting().links()) text += " then " + link.date();
      meetings.push_back(text);
    }
    return meetings;
  };
  using Shown = std::vector<std::string>;
  EXPECT_EQ(described(), (Shown{"talks", "next", "talks then 2021-07-01"}));
  EXPECT_EQ(shown("2021-06-01"), (Shown{"status_held then 2021-07-01", "status_scheduled"}));
  EXPECT_EQ(shown("2021-08-01"), (Shown{"status_held then 2021-07-01", "status_lapsed"}));
  history.Append({R"({"stream":"meeting/next","meeting":{"kind":"summit"},"reported":"2021-06-02",)"
                  R"("meeting_scheduled":{"date":{"edtf":"2021-09-01"}}})"});
  Project(&views, history, &projected);
  EXPECT_EQ(shown("2021-08-01"), (Shown{"status_held then 2021-09-01", "status_scheduled"}));
  EXPECT_EQ(described(), (Shown{"talks", "next", "talks then 2021-07-01", "next"}));
}

}  // namespace
}  // namespace entente::views
