// The sample history: every answer an analyst must be able to read off it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/views/history.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr const char* kToday = "2021-05-05";

History SampleHistory() {
  std::ifstream file(ENTENTE_SOURCE_DIR "/examples/two-plus-two-2021.jsonl");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  EXPECT_FALSE(lines.empty());
  History history;
  history.Append(lines);
  return history;
}

class Sample : public testing::Test {
 protected:
  v1::TimelineReply Timeline(v1::Filter filter, const std::string& today = kToday,
                             const std::string& as_of = "") {
    v1::TimelineRequest request;
    *request.mutable_context() = TodayIs(today);
    request.mutable_context()->mutable_as_of()->set_reported(as_of);
    *request.mutable_filter() = std::move(filter);
    return views_.Ask(request);
  }
  static v1::Filter Japan() {
    v1::Filter filter;
    filter.add_countries("JP");
    filter.add_kinds("two-plus-two");
    return filter;
  }
  static v1::Filter Topic(const std::string& topic) {
    v1::Filter filter;
    filter.add_topics(topic);
    return filter;
  }
  static std::vector<std::string> Ids(const v1::TimelineReply& reply) {
    std::vector<std::string> ids;
    for (const auto& entry : reply.entries()) ids.push_back(ShortName(entry.meeting().id()));
    return ids;
  }
  v1::StatsReply Stats(v1::StatsRequest::By by) {
    v1::StatsRequest request;
    *request.mutable_context() = TodayIs(kToday);
    *request.mutable_filter() = Japan();
    request.set_by(by);
    return views_.Ask(request);
  }

  TestViews views_{SampleHistory()};
};

TEST_F(Sample, HeldInTheOrderOfTheirDatesWithTheTieShown) {
  v1::Filter filter = Japan();
  filter.add_statuses(v1::Meeting::status_held);
  const auto reply = Timeline(filter);
  EXPECT_THAT(Ids(reply), ElementsAre("jp-gb-two-plus-two-2021-02", "jp-id-two-plus-two-2021-03",
                                      "jp-us-two-plus-two-2021-03", "jp-de-two-plus-two-2021-04"));
  EXPECT_EQ(reply.certain(), 4);
  EXPECT_EQ(reply.possible(), 4);
  std::vector<bool> ties;
  std::vector<std::string> modes;
  for (const auto& entry : reply.entries()) {
    EXPECT_TRUE(entry.certain());
    EXPECT_EQ(entry.meeting().status(), v1::Meeting::status_held);
    ties.push_back(entry.tied_with_next());
    modes.push_back(entry.meeting().mode().value());
  }
  EXPECT_THAT(ties, ElementsAre(false, true, false, false));
  EXPECT_THAT(modes, ElementsAre("video", "", "", ""));
  const v1::Horizon& horizon = reply.answered().horizon();
  EXPECT_EQ(horizon.reports_from(), "2021-05-05");
  EXPECT_EQ(horizon.reports_to(), "2021-05-05");
  EXPECT_EQ(horizon.first_meeting(), "2021-02-03");
  EXPECT_EQ(horizon.reports(), 22);
  EXPECT_TRUE(horizon.year_unfinished());
}

TEST_F(Sample, EveryFactCitesItsParagraph) {
  const auto reply = Timeline(Japan());
  for (const auto& entry : reply.entries()) {
    const v1::Meeting& meeting = entry.meeting();
    ASSERT_FALSE(meeting.outcome().said_by().empty() && meeting.date().fact().said_by().empty());
    for (const auto& report : meeting.reports()) {
      EXPECT_EQ(report.source().publisher(), "a Japanese English-language daily");
      EXPECT_THAT(report.source().locator(), HasSubstr("p. "));
      EXPECT_EQ(report.source_id(), 0);
    }
    for (const std::uint32_t index : meeting.date().fact().said_by()) {
      ASSERT_LT(static_cast<int>(index), meeting.reports_size());
    }
  }
}

TEST_F(Sample, PostponedWithoutANewDate) {
  v1::PendingRequest request;
  *request.mutable_context() = TodayIs(kToday);
  *request.mutable_filter() = Japan();
  const auto reply = views_.Ask(request);
  std::vector<std::pair<std::string, v1::PendingEntry::Why>> entries;
  for (const auto& entry : reply.entries()) {
    entries.emplace_back(ShortName(entry.meeting().id()), entry.why());
  }
  EXPECT_THAT(entries,
              ElementsAre(std::pair{"jp-in-two-plus-two-2021-04", v1::PendingEntry::postponed},
                          std::pair{"jp-us-two-plus-two-2021-again", v1::PendingEntry::undated}));
  const v1::Meeting& india = reply.entries(0).meeting();
  EXPECT_EQ(india.date().fact().value(), "2021-04-24");
  EXPECT_EQ(india.reason().value(), "epidemic");
  EXPECT_TRUE(india.until().value().empty());
}

TEST_F(Sample, PlannedAgainIsASecondMeetingThatLapsesWithTheClock) {
  v1::Filter filter = Japan();
  filter.add_countries_all("US");
  EXPECT_THAT(Ids(Timeline(filter)),
              ElementsAre("jp-us-two-plus-two-2021-03", "jp-us-two-plus-two-2021-again"));
  filter.add_statuses(v1::Meeting::status_lapsed);
  EXPECT_THAT(Ids(Timeline(filter)), IsEmpty());
  EXPECT_THAT(Ids(Timeline(filter, "2026-11-23")), ElementsAre("jp-us-two-plus-two-2021-again"));
}

TEST_F(Sample, CountsByYear) {
  const auto reply = Stats(v1::StatsRequest::year);
  ASSERT_EQ(reply.counts_size(), 1);
  const v1::Count& year = reply.counts(0);
  EXPECT_EQ(year.key(), "2021");
  EXPECT_EQ(year.certain(), 4);
  EXPECT_EQ(year.possible(), 4);
  EXPECT_EQ(year.planned(), 1);
  EXPECT_EQ(year.pending(), 1);
  EXPECT_TRUE(year.unfinished());
  EXPECT_EQ(year.first(), "2021-02-03");
}

TEST_F(Sample, CountsByPartner) {
  const auto reply = Stats(v1::StatsRequest::partner);
  std::vector<std::string> partners;
  for (const auto& count : reply.counts()) {
    partners.push_back(count.key());
    EXPECT_EQ(count.certain(), count.key() == "IN" ? 0 : 1) << count.key();
    EXPECT_EQ(count.first_in_log(), count.key() != "IN") << count.key();
    EXPECT_EQ(count.planned(), count.key() == "US" ? 1 : 0) << count.key();
    EXPECT_EQ(count.pending(), count.key() == "IN" ? 1 : 0) << count.key();
    EXPECT_EQ(count.rank(), count.key() == "IN" ? 5 : 1) << count.key();
    EXPECT_EQ(count.tied(), count.key() != "IN") << count.key();
  }
  EXPECT_THAT(partners, ElementsAre("GB", "ID", "US", "DE", "IN"));
}

TEST_F(Sample, TheNewPartnerIsClaimedNotConfirmed) {
  v1::MeetingRequest request;
  *request.mutable_context() = TodayIs(kToday);
  request.set_id("jp-de-two-plus-two-2021-04");
  const auto meeting = views_.Ask(request).meeting();
  std::vector<std::tuple<v1::ClaimRecorded::Claim, v1::ClaimFact::Verdict, std::uint32_t>> claims;
  for (const auto& claim : meeting.claims()) {
    claims.emplace_back(claim.claim(), claim.verdict(), claim.counted());
    EXPECT_THAT(claim.why(), HasSubstr("Not contradicted, not confirmed"));
    ASSERT_EQ(claim.said_by_size(), 1);
    EXPECT_EQ(meeting.reports(static_cast<int>(claim.said_by(0))).source().locator(), "p. 4");
  }
  EXPECT_THAT(claims, UnorderedElementsAre(
                          std::tuple{v1::ClaimRecorded::first, v1::ClaimFact::open, 1},
                          std::tuple{v1::ClaimRecorded::nth_partner, v1::ClaimFact::open, 4}));
}

TEST_F(Sample, AsOfReportedDays) {
  for (const char* day : {"2021-04-22", "2021-04-24"}) {
    const auto reply = Timeline({}, kToday, day);
    EXPECT_THAT(Ids(reply), IsEmpty()) << day;
    EXPECT_EQ(reply.possible(), 0);
    EXPECT_EQ(reply.answered().horizon().reports(), 0);
  }
  const auto now = Timeline({});
  const auto then = Timeline({}, kToday, "2021-05-05");
  EXPECT_EQ(Ids(then), Ids(now));
  ASSERT_EQ(then.entries_size(), 6);
  for (int i = 0; i < then.entries_size(); ++i) {
    EXPECT_EQ(then.entries(i).DebugString(), now.entries(i).DebugString());
  }
  EXPECT_EQ(then.answered().horizon().DebugString(), now.answered().horizon().DebugString());
}

TEST_F(Sample, TopicsThroughOneStatementAndOneMeeting) {
  const auto indo_pacific = Timeline(Topic("free-and-open-indo-pacific"));
  EXPECT_THAT(Ids(indo_pacific),
              ElementsAre("jp-gb-two-plus-two-2021-02", "jp-id-two-plus-two-2021-03",
                          "jp-us-two-plus-two-2021-03", "jp-de-two-plus-two-2021-04"));
  std::set<std::string> said_by;
  for (const auto& entry : indo_pacific.entries()) {
    for (const auto& topic : entry.meeting().topics()) {
      if (topic.topic() != "free-and-open-indo-pacific") continue;
      ASSERT_EQ(topic.said_by_size(), 1);
      said_by.insert(entry.meeting().reports(static_cast<int>(topic.said_by(0))).event_id());
    }
  }
  EXPECT_THAT(said_by, ElementsAre("daily-2021-05-05-p07-indo-pacific"));
  EXPECT_THAT(Ids(Timeline(Topic("maritime-security"))), ElementsAre("jp-us-two-plus-two-2021-03"));
  for (const char* background : {"deterrence", "east-china-sea", "south-china-sea", "hong-kong",
                                 "xinjiang", "european-engagement-in-the-indo-pacific"}) {
    EXPECT_THAT(Ids(Timeline(Topic(background))), IsEmpty()) << background;
  }
}

TEST_F(Sample, WhatBelongsToNoMeetingIsFoundUnderItsSubject) {
  v1::SubjectRequest request;
  *request.mutable_context() = TodayIs(kToday);
  request.set_id("pair/IN-JP");
  EXPECT_THAT(views_.Ask(request).subject().statements(0).summary(), HasSubstr("India"));
  request.set_id("kind/two-plus-two");
  const auto kind = views_.Ask(request).subject();
  ASSERT_EQ(kind.claims_size(), 1);
  EXPECT_EQ(kind.claims(0).claim(), v1::ClaimRecorded::most_frequent);
  EXPECT_EQ(kind.claims(0).verdict(), v1::ClaimFact::open);
  EXPECT_EQ(kind.claims(0).counted(), 4);
}

TEST_F(Sample, ChangesAreToldInWords) {
  v1::ChangesRequest request;
  *request.mutable_context() = TodayIs(kToday);
  request.mutable_filter()->add_countries("India");
  request.set_page_size(1000);
  const auto reply = views_.Ask(request);
  std::vector<std::string> texts;
  for (const auto& change : reply.changes()) {
    texts.push_back(change.text());
    EXPECT_THAT(change.matched(), ElementsAre("country/IN"));
  }
  ASSERT_FALSE(texts.empty());
  EXPECT_THAT(texts,
              testing::Contains(testing::AllOf(HasSubstr("Japan-India"), HasSubstr("postponed"),
                                               HasSubstr("24 April 2021"), HasSubstr("p. 14"))));
  EXPECT_EQ(reply.covered_to(), 22);
}

TEST_F(Sample, VocabulariesCountMeetings) {
  v1::VocabularyRequest request;
  *request.mutable_context() = TodayIs(kToday);
  request.set_what(v1::VocabularyRequest::countries);
  const auto now = views_.Ask(request);
  std::vector<std::pair<std::string, std::uint64_t>> words;
  for (const auto& word : now.words()) words.emplace_back(word.id(), word.meetings());

  EXPECT_THAT(words, ElementsAre(std::pair{"DE", 1}, std::pair{"GB", 1}, std::pair{"ID", 1},
                                 std::pair{"IN", 1}, std::pair{"JP", 6}, std::pair{"US", 2}));
  request.mutable_context()->mutable_as_of()->set_reported("2021-05-05");
  const auto then = views_.Ask(request);
  ASSERT_EQ(now.words_size(), then.words_size());
  for (int i = 0; i < now.words_size(); ++i) {
    EXPECT_EQ(now.words(i).DebugString(), then.words(i).DebugString());
  }
}

}  // namespace
}  // namespace entente::views
