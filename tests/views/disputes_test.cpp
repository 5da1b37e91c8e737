// What is disputed is found under both sides of the dispute, and counts as possible under either.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/views/history.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// One paper's word on a meeting, and another's of the same day.
History Told(const std::string& one, const std::string& other,
             const std::string& parties = R"({"name":"JP"},{"name":"IN"})") {
  const auto report = [](const std::string& publisher, const std::string& says) {
    return R"({"stream":"meeting/talks","source":{"publisher":")" + publisher + R"("},)" + says +
           "}";
  };
  History history;
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-01","meeting":{"kind":)"
                  R"("two-plus-two","parties":[)" +
                      parties + R"(]},"meeting_announced":{}})",
                  report("One", one), report("Other", other)});
  return history;
}
const char* const kSet = R"("meeting_scheduled":{"date":{"edtf":"2021-06-01"}})";

// How the talks match, now and as of then: what the lists say and what a fold of then says.
std::vector<std::string> Found(const History& history, const v1::Filter& filter) {
  TestViews views(history);
  std::vector<std::string> found;
  for (const char* const as_of : {"", "2021-05-20"}) {
    v1::TimelineRequest request;
    *request.mutable_context() = TodayIs("2021-05-20");
    request.mutable_context()->mutable_as_of()->set_reported(as_of);
    *request.mutable_filter() = filter;
    const auto reply = views.Ask(request);
    EXPECT_EQ(reply.possible(), reply.entries_size());
    for (const auto& entry : reply.entries()) {
      EXPECT_EQ(reply.certain(), entry.certain() ? 1 : 0);
      found.push_back(entry.certain() ? "certainly" : "possibly");
    }
  }
  return found;
}
const auto kPossibly = ElementsAre("possibly", "possibly");
const auto kCertainly = ElementsAre("certainly", "certainly");

v1::Filter Status(v1::Meeting::Status status) {
  v1::Filter filter;
  filter.add_statuses(status);
  return filter;
}

TEST(Disputes, BothOutcomesAreFound) {
  const History history = Told(R"("meeting_cancelled":{})", R"("meeting_called_off":{})");
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_cancelled)), kPossibly);
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_called_off)), kPossibly);
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_held)), IsEmpty());
}

TEST(Disputes, APostponementAndADateOfOneDayAreFoundUnderBoth) {
  const History history = Told(R"("meeting_postponed":{})", kSet);
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_postponed)), kPossibly);
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_scheduled)), kPossibly);
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_cancelled)), IsEmpty());
}

TEST(Disputes, AnotherDayIsNoOtherStatus) {
  const History history = Told(kSet, R"("meeting_scheduled":{"date":{"edtf":"2021-06-05"}})");
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_scheduled)), kCertainly);
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_postponed)), IsEmpty());
}

TEST(Disputes, HeldAndCancelledAreFoundUnderBoth) {
  const History history =
      Told(R"("meeting_held":{"date":{"edtf":"2021-05-04"}})", R"("meeting_cancelled":{})");
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_held)), kPossibly);
  EXPECT_THAT(Found(history, Status(v1::Meeting::status_cancelled)), kPossibly);
}

TEST(Disputes, WhoTakesPartByOneOfThemIsFound) {
  const History history = Told(R"("parties_changed":{"added":[{"name":"US"}]})",
                               R"("parties_changed":{"removed":["US"]})");
  v1::Filter country;
  country.add_countries("US");
  EXPECT_THAT(Found(history, country), kPossibly);
  v1::Filter pair;
  pair.add_pairs("IN-JP");
  EXPECT_THAT(Found(history, pair), kCertainly) << "it was one of these two before";
  const History three = Told(R"("parties_changed":{"added":[{"name":"US"}]})",
                             R"("parties_changed":{"removed":["US"]})",
                             R"({"name":"JP"},{"name":"IN"},{"name":"US"})");
  EXPECT_THAT(Found(three, pair), kPossibly) << "of these two by one of them only";
}

TEST(Disputes, KindsAndTopicsOfEitherAreFound) {
  const History kinds = Told(R"("meeting":{"kind":"two-plus-two"},"meeting_announced":{})",
                             R"("meeting":{"kind":"summit"},"meeting_announced":{})");
  for (const char* const kind : {"two-plus-two", "summit"}) {
    v1::Filter filter;
    filter.add_kinds(kind);
    EXPECT_THAT(Found(kinds, filter), kPossibly) << kind;
  }
  const std::string tagged = R"("topics_tagged":{"topic":"maritime-security","relation":"agenda")";
  const History topics = Told(tagged + "}", tagged + R"(,"remove":true})");
  v1::Filter filter;
  filter.add_topics("maritime-security");
  EXPECT_THAT(Found(topics, filter), kPossibly);
}

std::vector<std::string> Counts(const History& history, v1::StatsRequest::By by,
                                const v1::Filter& filter = {}) {
  TestViews views(history);
  v1::StatsRequest request;
  *request.mutable_context() = TodayIs("2021-05-20");
  *request.mutable_filter() = filter;
  request.set_by(by);
  std::vector<std::string> counts;
  const auto reply = views.Ask(request);
  for (const auto& count : reply.counts()) {
    const auto range = [](std::uint32_t certain, std::uint32_t possible) {
      return " " + std::to_string(certain) + ".." + std::to_string(possible);
    };
    counts.push_back(count.key() + ":" + range(count.certain(), count.possible()) +
                     range(count.certainly_planned(), count.planned()) +
                     range(count.certainly_pending(), count.pending()));
  }
  return counts;
}

TEST(Disputes, CountUnderBothSidesAsPossible) {
  EXPECT_THAT(Counts(Told(R"("meeting_postponed":{})", kSet), v1::StatsRequest::year),
              ElementsAre("2021: 0..0 0..1 0..1"));
  EXPECT_THAT(Counts(Told(kSet, R"("meeting_moved":{"mode":"video"})"), v1::StatsRequest::year),
              ElementsAre("2021: 0..0 1..1 0..0"));
  EXPECT_THAT(Counts(Told(R"("meeting_held":{"date":{"edtf":"2021-05-04"},"mode":"video"})",
                          R"("meeting_held":{"date":{"edtf":"2021-05-04"},"mode":"in_person"})"),
                     v1::StatsRequest::mode),
              ElementsAre("in_person: 0..1 0..0 0..0", "video: 0..1 0..0 0..0"));
  EXPECT_THAT(
      Counts(Told(R"("meeting_held":{"date":{"edtf":"2021-05-04"}})", R"("meeting_cancelled":{})"),
             v1::StatsRequest::status),
      ElementsAre("cancelled: 0..1 0..0 0..0", "held: 0..1 0..0 0..0"));
}

TEST(Disputes, OnlyTheCertainOnesCountWhereAsked) {
  const History history = Told(R"("meeting_held":{"date":{"edtf":"2021-05"}})",
                               R"("meeting_held":{"date":{"edtf":"2021-05"}})");
  v1::Filter filter;
  filter.set_from("2021-05-02");
  EXPECT_THAT(Counts(history, v1::StatsRequest::year, filter), ElementsAre("2021: 0..1 0..0 0..0"));
  filter.set_certainty(v1::Filter::certain);
  EXPECT_THAT(Counts(history, v1::StatsRequest::year, filter), IsEmpty());
}

TEST(Disputes, WhatWaitsByOneOfThemOnlyWaitsPossibly) {
  const auto waiting = [](const History& history) {
    TestViews views(history);
    v1::PendingRequest request;
    request.set_with_counts(true);
    *request.mutable_context() = TodayIs("2021-05-20");
    const auto reply = views.Ask(request);
    EXPECT_EQ(reply.possible(), reply.entries_size());
    EXPECT_EQ(reply.certain(), reply.entries_size() > 0 && reply.entries(0).certain() ? 1 : 0);
    return std::pair(reply.certain(), reply.possible());
  };
  EXPECT_EQ(waiting(Told(R"("meeting_postponed":{})", R"("meeting_postponed":{})")),
            std::pair(1UL, 1UL));
  EXPECT_EQ(waiting(Told(R"("meeting_postponed":{})", kSet)), std::pair(0UL, 1UL));
}

TEST(Disputes, WordsHaveBothCounts) {
  const std::string tagged = R"("topics_tagged":{"topic":"maritime-security","relation":"agenda")";
  TestViews views(Told(tagged + "}", tagged + R"(,"remove":true})"));
  for (const char* const as_of : {"", "2021-05-20"}) {
    v1::VocabularyRequest request;
    request.mutable_context()->mutable_as_of()->set_reported(as_of);
    request.set_what(v1::VocabularyRequest::topics);
    const auto reply = views.Ask(request);
    ASSERT_GT(reply.words_size(), 0);
    for (const auto& word : reply.words()) {
      EXPECT_EQ(std::pair(word.certain(), word.meetings()), std::pair(0UL, 1UL)) << word.id();
    }
    request.set_what(v1::VocabularyRequest::countries);
    const auto countries = views.Ask(request);
    for (const auto& word : countries.words()) {
      EXPECT_EQ(std::pair(word.certain(), word.meetings()), std::pair(1UL, 1UL)) << word.id();
    }
  }
}

}  // namespace
}  // namespace entente::views
