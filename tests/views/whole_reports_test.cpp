// Reports kept for the next answer: they change none.
#include "views/meetings/whole_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/views/history.h"

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
  const auto report = [](const std::string& id) {
    auto made = std::make_shared<v1::Report>();
    made->set_event_id(id);
    return made;
  };
  for (int i = 0; i < 1'000; ++i) {
    const std::string key = std::to_string(i);
    reports.Keep(key, report(key));
  }
  const std::vector<std::string> keys = {"0", "999"};
  const auto found = reports.Find(keys);
  EXPECT_EQ(found[0], nullptr);
  ASSERT_NE(found[1], nullptr);
  EXPECT_EQ(found[1]->event_id(), "999");
  reports.Keep("large", report(std::string(kBytes, 'x')));
  EXPECT_EQ(reports.Find(std::vector<std::string>{"large"})[0], nullptr);
}

}  // namespace
}  // namespace entente::views
