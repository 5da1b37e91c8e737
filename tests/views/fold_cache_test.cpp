#include "views/answers/fold_cache.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/views/history.h"

namespace entente::views {
namespace {

using Component = FoldCache::Component;

FoldCache::ComponentPtr FoldOf(const std::string& stream, const domain::AsOfSpan& span = {}) {
  v1::Meeting meeting;
  meeting.set_id(stream);
  return std::make_shared<const Component>(Component{{stream}, {meeting}, span});
}

domain::AsOf Until(std::uint64_t position) {
  return {.position = Position(position), .recorded = {}, .reported = {}};
}

TEST(FoldCache, FindsWhatWasFoldedOfTheSameReportsOnly) {
  FoldCache cache(1U << 20);
  const std::vector<FoldCache::Of> asked = {{"g1", Position(9), "meeting/a"},
                                            {"g2", Position(9), "meeting/a"},
                                            {"g1", Position(8), "meeting/a"},
                                            {"g1", Position(9), "meeting/b"}};
  for (std::size_t kept = 0; kept < asked.size(); ++kept) {
    EXPECT_EQ(cache.Find(asked[kept], Until(5)), nullptr) << kept;
    cache.Keep(asked[kept], FoldOf(fmt::format("meeting/{}", kept)));
  }
  for (std::size_t kept = 0; kept < asked.size(); ++kept) {
    const auto found = cache.Find(asked[kept], Until(5));
    ASSERT_NE(found, nullptr) << kept;
    EXPECT_EQ(found->meetings.front().id(), fmt::format("meeting/{}", kept));
  }
}

TEST(FoldCache, KeepsReportsApartFromFolds) {
  FoldCache cache(1U << 20);
  const FoldCache::Of of{"g1", Position(9), "meeting/a"};
  cache.Keep(of, FoldOf("meeting/a"));
  EXPECT_EQ(cache.FindReports(of), nullptr);
  v1::Report report;
  report.set_stream("meeting/a");
  report.set_position(9);
  ComponentReports component;
  component.streams = {"meeting/a"};
  component.Add("meeting/a", std::make_shared<const v1::Report>(report));
  cache.KeepReports(of, std::make_shared<const ComponentReports>(component));
  ASSERT_NE(cache.FindReports(of), nullptr);
  EXPECT_EQ(cache.FindReports(of)->reports.front()->position(), 9U);
  EXPECT_EQ(cache.FindReports({"g1", Position(12), "meeting/a"}), nullptr) << "one more came";
  // One that is more than there is room for is not kept.
  report.set_stream("meeting/long");
  report.mutable_facts()->mutable_statement_made()->set_summary(std::string(1U << 18, 'x'));
  ComponentReports large;
  large.streams = {"meeting/long"};
  large.Add("meeting/long", std::make_shared<const v1::Report>(report));
  cache.KeepReports({"g1", Position(9), "meeting/long"},
                    std::make_shared<const ComponentReports>(large));
  EXPECT_EQ(cache.FindReports({"g1", Position(9), "meeting/long"}), nullptr);
  EXPECT_NE(cache.FindReports(of), nullptr);
}

TEST(FoldCache, FindsWhatWasFoldedForAnyQuestionInItsSpan) {
  FoldCache cache(1U << 20);
  const FoldCache::Of of{"g1", Position(90), "meeting/a"};
  // From each tenth position to the next.
  for (std::uint64_t from = 0; from < 400; from += 10) {
    domain::AsOfSpan span;
    span.since = Position(from);
    span.until = Position(from + 10);
    cache.Keep(of, FoldOf(fmt::format("meeting/{}", from), span));
  }
  const auto found = [&](const domain::AsOf& as_of) {
    const auto component = cache.Find(of, as_of);
    return component == nullptr ? "" : component->meetings.front().id();
  };
  EXPECT_EQ(found(Until(390)), "meeting/390");
  EXPECT_EQ(found(Until(389)), "meeting/380");
  EXPECT_EQ(found(Until(400)), "") << "no fold reaches so far";
  EXPECT_EQ(found(Until(5)), "") << "of so many the first is forgotten";
  domain::AsOf reported = Until(390);
  reported.reported = ReportedDay(Day::AfterAll());
  EXPECT_EQ(found(reported), "") << "acts of ours are on no reported day";
  domain::AsOf recorded = Until(390);
  recorded.recorded = RecordedTime(1);
  EXPECT_EQ(found(recorded), "");
}

TEST(FoldCache, ForgetsWhatWasNotAskedForTheLongest) {
  constexpr std::size_t kBytes = 16U << 10;
  FoldCache cache(kBytes);
  const auto of = [](const std::string& stream) {
    return FoldCache::Of{"g1", Position(1), stream};
  };
  const std::string favourite = "meeting/asked-for";
  const std::string forgotten = "meeting/forgotten";
  cache.Keep(of(favourite), FoldOf(favourite));
  cache.Keep(of(forgotten), FoldOf(forgotten));
  for (int i = 0; i < 1'000; ++i) {
    const std::string other = fmt::format("meeting/{}", i);
    cache.Keep(of(other), FoldOf(other));
    ASSERT_NE(cache.Find(of(favourite), {}), nullptr) << i;
  }
  EXPECT_EQ(cache.Find(of(forgotten), {}), nullptr);
  EXPECT_NE(cache.Find(of("meeting/999"), {}), nullptr);
  // What is larger than all there is room for is not kept, and costs nobody else a place.
  Component large{{"meeting/large"}, {v1::Meeting()}, {}};
  large.meetings.front().set_id(std::string(kBytes, 'x'));
  cache.Keep(of("meeting/large"), std::make_shared<const Component>(std::move(large)));
  EXPECT_EQ(cache.Find(of("meeting/large"), {}), nullptr);
  EXPECT_NE(cache.Find(of(favourite), {}), nullptr);
}

std::string Event(const std::string& stream, const std::string& reported, const std::string& says) {
  return fmt::format(
      R"({{"stream":"meeting/{}","reported":"{}","meeting":{{"kind":"two-plus-two","parties":)"
      R"([{{"name":"JP"}},{{"name":"IN"}}]}},{}}})",
      stream, reported, says);
}

std::string Merge(const std::string& reported, const std::string& survivor,
                  const std::string& absorbed) {
  return fmt::format(R"({{"stream":"meeting/{0}","reported":"{1}",)"
                     R"("meetings_merged":{{"survivor":"meeting/{0}","absorbed":"meeting/{2}"}}}})",
                     survivor, reported, absorbed);
}

std::vector<std::string> DatesOn(TestViews* views, const std::string& day) {
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2021-06-01");
  request.mutable_context()->mutable_as_of()->set_reported(day);
  const auto reply = views->Ask(request);
  std::vector<std::string> dates;
  for (const auto& entry : reply.entries()) {
    dates.push_back(ShortName(entry.meeting().id()) + " " + entry.meeting().date().fact().value());
  }
  return dates;
}

using Dates = std::vector<std::string>;

TEST(FoldCache, WhatIsToldLaterOfADayLongPastChangesThatDay) {
  History history;
  TestViews views;
  const auto append = [&](const std::vector<std::string>& events) {
    const std::size_t before = history.commits().size();
    history.Append(events);
    views.Project(
        {history.commits().begin() + static_cast<std::ptrdiff_t>(before), history.commits().end()});
  };
  append({Event("a", "2021-04-01", R"("meeting_scheduled":{"date":{"edtf":"2021-05-01"}})"),
          Event("b", "2021-04-01", R"("meeting_scheduled":{"date":{"edtf":"2021-05-02"}})")});
  // Of both something was told after that day, so they are folded.
  append({Event("a", "2021-05-20", R"("meeting_held":{"date":{"edtf":"2021-05-11"}})"),
          Event("b", "2021-05-20", R"("meeting_held":{"date":{"edtf":"2021-05-12"}})")});
  EXPECT_EQ(DatesOn(&views, "2021-04-22"), (Dates{"a 2021-05-01", "b 2021-05-02"}));
  append({Event("a", "2021-04-20", R"("meeting_scheduled":{"date":{"edtf":"2021-05-07"}})")});
  EXPECT_EQ(DatesOn(&views, "2021-04-22"), (Dates{"b 2021-05-02", "a 2021-05-07"}));
  EXPECT_EQ(DatesOn(&views, "2021-04-19"), (Dates{"a 2021-05-01", "b 2021-05-02"}));
  append({Merge("2021-04-21", "a", "b")});
  EXPECT_EQ(DatesOn(&views, "2021-04-22"), (Dates{"a 2021-05-07"}));
  append({Event("b", "2021-04-22", R"("meeting_scheduled":{"date":{"edtf":"2021-05-09"}})")});
  EXPECT_EQ(DatesOn(&views, "2021-04-22"), (Dates{"a 2021-05-09"}));
}

}  // namespace
}  // namespace entente::views
