// Single answers on small histories: counts, claims, windows, what waits, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/views/history.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Held(const std::string& id, const std::string& date, const std::string& parties,
                 const std::string& more = "") {
  return R"({"stream":"meeting/)" + id + R"(","meeting":{"kind":"two-plus-two","parties":[)" +
         parties + R"(]},"meeting_held":{"date":{"edtf":")" + date + R"("}}})" + more;
}
std::string With(const std::string& code) { return R"({"name":"JP"},{"name":")" + code + R"("})"; }

std::vector<std::string> Timeline(TestViews* views, const v1::Filter& filter,
                                  std::pair<std::uint64_t, std::uint64_t> counts) {
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2022-01-01");
  *request.mutable_filter() = filter;
  const auto reply = views->Ask(request);
  EXPECT_EQ(std::pair(reply.certain(), reply.possible()), counts);
  std::vector<std::string> ids;
  for (const auto& entry : reply.entries()) {
    ids.push_back(ShortName(entry.meeting().id()) + (entry.certain() ? "" : "?"));
  }
  return ids;
}

TEST(Windows, CertainlyInsideAndPossiblyInside) {
  History history;
  history.Append({Held("march", "2021-03", With("US")), Held("tenth", "2021-03-10", With("DE")),
                  Held("year", "2021", With("GB")), Held("april", "2021-04-02", With("FR"))});
  TestViews views(history);
  v1::Filter filter;
  filter.set_from("2021-03");
  filter.set_to("2021-03");
  EXPECT_THAT(Timeline(&views, filter, {2, 3}), ElementsAre("year?", "march", "tenth"));
  filter.set_certainty(v1::Filter::certain);
  EXPECT_THAT(Timeline(&views, filter, {2, 3}), ElementsAre("march", "tenth"));
  filter.set_from("2021-03-11");
  filter.clear_certainty();
  EXPECT_THAT(Timeline(&views, filter, {0, 2}), ElementsAre("year?", "march?"));
}

TEST(Filters, NarrowOneAnother) {
  History history;
  history.Append({Held("us", "2021-03", With("US")), Held("de", "2021-04", With("DE")),
                  Held("quad", "2021-05",
                       R"({"name":"JP"},{"name":"US"},{"name":"IN"},)"
                       R"({"name":"AU"})")});
  TestViews views(history);
  v1::Filter any;
  any.add_countries("Germany");
  any.add_countries("India");
  EXPECT_THAT(Timeline(&views, any, {2, 2}), ElementsAre("de", "quad"));
  v1::Filter all;
  all.add_countries_all("JP");
  all.add_countries_all("USA");
  EXPECT_THAT(Timeline(&views, all, {2, 2}), ElementsAre("us", "quad"));
  v1::Filter pair;
  pair.add_pairs("US-JP");
  EXPECT_THAT(Timeline(&views, pair, {1, 1}), ElementsAre("us"));
  v1::Filter series;
  series.add_series("jp-de-two-plus-two");
  EXPECT_THAT(Timeline(&views, series, {1, 1}), ElementsAre("de"));
}

TEST(Filters, MembersTooByTheDayOfTheMeeting) {
  History history;
  history.Append({Held("before", "2020-01-15", R"({"name":"JP"},{"name":"eu"})"),
                  Held("after", "2021-05-27", R"({"name":"JP"},{"name":"eu"})"),
                  Held("around", "2020", R"({"name":"JP"},{"name":"eu"})")});
  TestViews views(history);
  v1::Filter filter;
  filter.add_countries("GB");
  EXPECT_THAT(Timeline(&views, filter, {0, 0}), IsEmpty());
  filter.set_members_too(true);
  EXPECT_THAT(Timeline(&views, filter, {1, 2}), ElementsAre("around?", "before"));
}

TEST(Stats, YearsRanksAndTies) {
  History history;
  history.Append({Held("a", "2019-03-01", With("US")), Held("b", "2020-03-01", With("US")),
                  Held("c", "2020-06", With("DE")), Held("d", "2021-03-01", With("US")),
                  Held("e", "2021-05", With("GB")), Held("f", "2020/2021", With("FR"))});
  TestViews views(history);
  v1::StatsRequest request;
  *request.mutable_context() = TodayIs("2021-11-23");
  request.mutable_filter()->add_countries("JP");
  request.set_by(v1::StatsRequest::year);
  const auto reply = views.Ask(request);
  std::vector<std::string> counts;
  for (const auto& count : reply.counts()) {
    counts.push_back(count.key() + ": " + std::to_string(count.certain()) + ".." +
                     std::to_string(count.possible()) + " #" + std::to_string(count.rank()) +
                     (count.tied() ? "=" : "") + (count.unfinished() ? " so far" : ""));
  }
  EXPECT_THAT(counts, ElementsAre("2019: 1..1 #3", "2020: 2..3 #1=", "2021: 2..3 #1= so far"));
}

TEST(Stats, PartnersAreCountedByMeetingsOfTwoUnlessAskedOtherwise) {
  History history;
  history.Append({Held("us", "2021-03-01", With("US")),
                  Held("three", "2021-04-01", R"({"name":"JP"},{"name":"US"},{"name":"KR"})")});
  TestViews views(history);
  v1::StatsRequest request;
  *request.mutable_context() = TodayIs("2021-11-23");
  request.mutable_filter()->add_countries("JP");
  request.set_by(v1::StatsRequest::partner);
  const auto counts = [&] {
    std::vector<std::pair<std::string, int>> found;
    const auto reply = views.Ask(request);
    for (const auto& count : reply.counts()) found.emplace_back(count.key(), count.certain());
    return found;
  };
  EXPECT_THAT(counts(), ElementsAre(std::pair("US", 1)));
  request.mutable_filter()->set_multi_party(true);
  EXPECT_THAT(counts(), ElementsAre(std::pair("US", 2), std::pair("KR", 1)));
}

TEST(Stats, OfAPairLeaveMeetingsOfThreeOutUnlessAskedOtherwise) {
  History history;
  history.Append({Held("two", "2021-03-01", With("US")), Held("grew", "2021-04-01", With("US")),
                  R"({"stream":"meeting/grew","reported":"2021-05-06","parties_changed":{"added":[
                      {"name":"KR"}]}})"});
  TestViews views(history);
  v1::StatsRequest request;
  *request.mutable_context() = TodayIs("2021-11-23");
  request.mutable_filter()->add_pairs("JP-US");
  for (const auto by : {v1::StatsRequest::year, v1::StatsRequest::mode, v1::StatsRequest::status}) {
    request.set_by(by);
    request.mutable_filter()->clear_multi_party();
    EXPECT_EQ(views.Ask(request).counts(0).possible(), 1) << v1::StatsRequest::By_Name(by);
    request.mutable_filter()->set_multi_party(true);
    EXPECT_EQ(views.Ask(request).counts(0).possible(), 2) << v1::StatsRequest::By_Name(by);
  }
  // It is still found among the pair's, and marked.
  v1::TimelineRequest timeline;
  *timeline.mutable_context() = TodayIs("2021-11-23");
  timeline.mutable_filter()->add_pairs("JP-US");
  const auto reply = views.Ask(timeline);
  ASSERT_EQ(reply.entries_size(), 2);
  EXPECT_FALSE(reply.entries(0).meeting().multi_party());
  EXPECT_TRUE(reply.entries(1).meeting().multi_party());
}

TEST(Stats, TheFirstInTheWindowIsNotTheFirstInTheLog) {
  History history;
  history.Append({Held("old", "2019-03-01", With("US")), Held("new", "2021-03-01", With("US")),
                  Held("de", "2021-04-01", With("DE"))});
  TestViews views(history);
  v1::StatsRequest request;
  *request.mutable_context() = TodayIs("2021-11-23");
  request.mutable_filter()->add_countries("JP");
  request.mutable_filter()->set_from("2021");
  request.set_by(v1::StatsRequest::partner);
  const auto reply = views.Ask(request);
  ASSERT_EQ(reply.counts_size(), 2);
  EXPECT_EQ(reply.counts(0).key(), "US");
  EXPECT_FALSE(reply.counts(0).first_in_log());
  EXPECT_TRUE(reply.counts(1).first_in_log());
}

v1::ClaimFact FirstClaim(TestViews* views, const std::string& id) {
  v1::MeetingRequest request;
  *request.mutable_context() = TodayIs("2021-11-23");
  request.set_id(id);
  const auto meeting = views->Ask(request).meeting();
  return meeting.claims_size() == 0 ? v1::ClaimFact() : meeting.claims(0);
}

TEST(Claims, AreContradictedByAnEarlierMeetingOrMorePartners) {
  const std::string first = R"({"stream":"meeting/de","claim_recorded":{"claim":"first",
      "scope":{"kind":"two-plus-two"}}})";
  History history;
  history.Append({Held("de", "2021-04-13", With("DE")), first});
  TestViews open(history);
  EXPECT_EQ(FirstClaim(&open, "de").verdict(), v1::ClaimFact::open);
  history.Append({Held("de-before", "2019-02", With("DE"))});
  TestViews contradicted(history);
  const auto claim = FirstClaim(&contradicted, "de");
  EXPECT_EQ(claim.verdict(), v1::ClaimFact::contradicted);
  EXPECT_EQ(claim.counted(), 2);
  EXPECT_THAT(claim.why(), HasSubstr("de-before"));
}

std::string Coverage(const std::string& stream, const std::string& fields) {
  return R"({"stream":")" + stream + R"(","coverage_declared":{"kind":"two-plus-two",)" + fields +
         "}}";
}
// The verdict on one claim about the meeting held with Germany, given these declarations.
v1::ClaimFact::Verdict VerdictOn(const std::string& claim, std::vector<std::string> more) {
  History history;
  more.push_back(Held("de", "2021-04-13", With("DE")));
  more.push_back(R"({"stream":"meeting/de","claim_recorded":{)" + claim + "}}");
  history.Append(std::move(more));
  TestViews views(history);
  return FirstClaim(&views, "de").verdict();
}
const char* const kFirstEver = R"("claim":"first")";
const char* const kFirstPartner =
    R"("claim":"nth_partner","value":1,"scope":{"kind":"two-plus-two","party":"JP"})";
const char* const kFirstOfYear = R"("claim":"first_of_year")";

TEST(Claims, OfAllTimesNeedACoverageWithoutBeginning) {
  for (const char* const claim : {kFirstEver, kFirstPartner}) {
    EXPECT_EQ(VerdictOn(claim, {}), v1::ClaimFact::open);
    const auto since = Coverage("kind/two-plus-two", R"("party":"JP","from":"2007-01-01")");
    EXPECT_EQ(VerdictOn(claim, {since}), v1::ClaimFact::open) << "one may be older";
    const auto always = Coverage("kind/two-plus-two", R"("party":"JP")");
    EXPECT_EQ(VerdictOn(claim, {always}), v1::ClaimFact::confirmed);
    const auto ended = Coverage("kind/two-plus-two", R"("party":"JP","to":"2021-04-12")");
    EXPECT_EQ(VerdictOn(claim, {ended}), v1::ClaimFact::open);
    EXPECT_EQ(VerdictOn(claim, {ended, Coverage("country/JP", R"("from":"2021-04-13")")}),
              v1::ClaimFact::confirmed)
        << "what follows without a gap is one";
    EXPECT_EQ(VerdictOn(claim, {ended, Coverage("country/JP", R"("from":"2021-04-14")")}),
              v1::ClaimFact::open);
    EXPECT_EQ(VerdictOn(claim, {Coverage("country/IN", R"("to":"")")}), v1::ClaimFact::open)
        << "complete for others only";
  }
}

TEST(Claims, OfAYearOrAWindowNeedItWhole) {
  const auto from = [](const std::string& day) {
    return Coverage("kind/two-plus-two", R"("from":")" + day + R"(")");
  };
  EXPECT_EQ(VerdictOn(kFirstOfYear, {from("2021-01-02")}), v1::ClaimFact::open);
  EXPECT_EQ(VerdictOn(kFirstOfYear, {from("2021-01-01")}), v1::ClaimFact::confirmed);
  const char* const since_2019 = R"("claim":"first","scope":{"window":"2019/2021"})";
  EXPECT_EQ(VerdictOn(since_2019, {from("2019-01-02")}), v1::ClaimFact::open);
  EXPECT_EQ(VerdictOn(since_2019, {from("2019-01-01")}), v1::ClaimFact::confirmed);
  const char* const another_year = R"("claim":"first","scope":{"window":"2019"})";
  EXPECT_EQ(VerdictOn(another_year, {from("2018-01-01")}), v1::ClaimFact::open)
      << "the meeting is not within its own window";
}

TEST(Claims, ASeriesDeclaresItsOwn) {
  EXPECT_EQ(VerdictOn(kFirstEver, {Coverage("series/jp-de-two-plus-two", R"("to":"")")}),
            v1::ClaimFact::confirmed);
  EXPECT_EQ(VerdictOn(kFirstPartner, {Coverage("series/jp-de-two-plus-two", R"("to":"")")}),
            v1::ClaimFact::open)
      << "a series knows nothing of other partners";
}

TEST(Claims, AreNotConfirmedInDoubt) {
  const auto always = Coverage("kind/two-plus-two", R"("to":"")");
  EXPECT_EQ(VerdictOn(kFirstEver,
                      {always, R"({"stream":"meeting/earlier","source":{"class":"unnamed_sources"},
          "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"DE"}]},
          "meeting_held":{"date":{"edtf":"2020-04-13"}}})"}),
            v1::ClaimFact::open)
      << "rumours have an earlier one";
  EXPECT_EQ(VerdictOn(kFirstEver, {always, R"({"stream":"meeting/de","meeting_cancelled":{},
      "source":{"publisher":"Another"}})"}),
            v1::ClaimFact::open)
      << "it is disputed that it was held";
}

TEST(Claims, OfAKindOrCountryAreConfirmedLikeAnyOther) {
  const auto verdict = [](const std::string& stream, const std::string& coverage) {
    History history;
    history.Append({Held("de", "2021-04-13", With("DE")),
                    R"({"stream":")" + stream + R"(","claim_recorded":{"claim":"nth_partner",
        "value":1,"scope":{"kind":"two-plus-two","party":"JP"}}})",
                    Coverage("kind/two-plus-two", coverage)});
    TestViews views(history);
    v1::SubjectRequest request;
    *request.mutable_context() = TodayIs("2021-11-23");
    request.set_id(stream);
    return views.Ask(request).subject().claims(0).verdict();
  };
  for (const char* const stream : {"kind/two-plus-two", "country/JP"}) {
    EXPECT_EQ(verdict(stream, R"("to":"")"), v1::ClaimFact::confirmed);
    EXPECT_EQ(verdict(stream, R"("from":"2007-01-01")"), v1::ClaimFact::open);
  }
}

TEST(Claims, OfMorePartnersThanClaimedAreContradicted) {
  History history;
  history.Append({Held("de", "2021-04-13", With("DE")),
                  R"({"stream":"meeting/de","claim_recorded":{"claim":"nth_partner","value":1,
                      "scope":{"kind":"two-plus-two","party":"JP"}}})",
                  Held("us", "2020-01-01", With("US")), Held("gb", "2020-02-01", With("GB"))});
  TestViews more(history);
  EXPECT_EQ(FirstClaim(&more, "de").verdict(), v1::ClaimFact::contradicted);
  EXPECT_EQ(FirstClaim(&more, "de").counted(), 3);
}

TEST(Pending, WhatLapsedStandsApartAndPagesJoin) {
  const auto planned = [](const std::string& id, const std::string& date) {
    return R"({"stream":"meeting/)" + id +
           R"(","meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"US"}]},
           "meeting_announced":{"date":{"edtf":")" +
           date + R"("}}})";
  };
  History history;
  history.Append({planned("passed", "2021-03-01"), planned("some-day", ""),
                  planned("vague", "2021-09/2021-12"), planned("soon", "2021-06-10")});
  TestViews views(history);
  v1::PendingRequest request;
  *request.mutable_context() = TodayIs("2021-06-01");
  const auto all = [&] {
    std::vector<std::string> found;
    do {
      const auto reply = views.Ask(request);
      for (const auto& entry : reply.entries()) {
        found.push_back(ShortName(entry.meeting().id()) + " " +
                        v1::PendingEntry::Why_Name(entry.why()));
      }
      request.set_page_token(reply.next_page_token());
    } while (!request.page_token().empty());
    return found;
  };
  EXPECT_THAT(all(), ElementsAre("vague undated", "some-day undated", "passed lapsed"));
  request.set_page_size(1);
  EXPECT_THAT(all(), ElementsAre("vague undated", "some-day undated", "passed lapsed"));
  request.mutable_context()->set_today("2021-06-11");
  EXPECT_THAT(all(),
              ElementsAre("vague undated", "some-day undated", "passed lapsed", "soon lapsed"));
}

TEST(Pending, TotalsOfAllPagesNeedNoSecondAsking) {
  const auto announced = [](const std::string& id) {
    return R"({"stream":"meeting/)" + id +
           R"(","meeting":{"kind":"two-plus-two"},"meeting_announced":{}})";
  };
  History history;
  history.Append({announced("one"), announced("other")});
  TestViews views(history);
  v1::PendingRequest request;
  *request.mutable_context() = TodayIs("2021-06-01");
  request.set_page_size(1);
  request.set_with_counts(true);
  const auto first = views.Ask(request);
  EXPECT_EQ(first.possible(), 2U);
  request.set_page_token(first.next_page_token());
  request.set_with_counts(false);
  const auto second = views.Ask(request);
  EXPECT_EQ(second.possible(), 0U);
  ASSERT_EQ(second.entries_size(), 1);
  EXPECT_NE(second.entries(0).meeting().id(), first.entries(0).meeting().id());
}

TEST(Answers, RefusalsNameTheField) {
  TestViews views;
  v1::TimelineRequest request;
  const auto error = [&] {
    const auto reply = views.TryAsk(request);
    return reply ? "none"
                 : std::string(Describe(reply.error().reason).name) + " at " + reply.error().field;
  };
  EXPECT_EQ(error(), "FIELD_REQUIRED at context.today");
  request.mutable_context()->set_today("yesterday");
  EXPECT_EQ(error(), "DATE_INVALID at context.today");
  request.mutable_context()->set_today("2021-05-05");
  EXPECT_EQ(error(), "none");
  request.mutable_context()->mutable_as_of()->set_recorded("May");
  EXPECT_EQ(error(), "TIME_INVALID at context.as_of.recorded");
  request.mutable_context()->mutable_as_of()->clear_recorded();
  request.mutable_context()->mutable_as_of()->set_reported("2021-13");
  EXPECT_EQ(error(), "DATE_INVALID at context.as_of.reported");
  request.mutable_context()->clear_as_of();
  request.mutable_filter()->add_countries("JP");
  request.mutable_filter()->add_countries("Atlantis");
  EXPECT_EQ(error(), "PARTY_UNKNOWN at filter.countries[1]");
  request.clear_filter();
  request.mutable_filter()->add_topics("juggling-of-clubs");
  EXPECT_EQ(error(), "WORD_UNKNOWN at filter.topics[0]");
  request.clear_filter();
  request.mutable_filter()->set_from("2021-05");
  request.mutable_filter()->set_to("2021-04");
  EXPECT_EQ(error(), "QUERY_INVALID at filter.to");
  request.clear_filter();
  request.mutable_filter()->add_statuses(v1::Meeting::status_withdrawn);
  EXPECT_EQ(error(), "QUERY_INVALID at filter.statuses[0]");
  request.clear_filter();
  // Numbers of a later version, as they come over the wire.
  const auto add = [&request](const char* name, int number) {
    v1::Filter& filter = *request.mutable_filter();
    filter.GetReflection()->AddEnumValue(&filter, v1::Filter::descriptor()->FindFieldByName(name),
                                         number);
  };
  add("statuses", 99);
  EXPECT_EQ(error(), "QUERY_INVALID at filter.statuses[0]");
  request.clear_filter();
  request.mutable_filter()->add_change_types(v1::ChangeType::held);
  request.mutable_filter()->add_change_types(v1::ChangeType::unspecified);
  EXPECT_EQ(error(), "QUERY_INVALID at filter.change_types[1]");
  request.clear_filter();
  add("change_types", 999);
  EXPECT_EQ(error(), "QUERY_INVALID at filter.change_types[0]");
  request.clear_filter();
  request.set_page_token("not a token of ours");
  EXPECT_EQ(error(), "PAGE_TOKEN_INVALID at page_token");
  request.clear_page_token();
  request.set_page_size(1001);
  EXPECT_EQ(error(), "MESSAGE_TOO_LARGE at page_size");
}

TEST(Answers, ATokenBelongsToItsQuestion) {
  History history;
  history.Append({Held("a", "2021-01", With("US")), Held("b", "2021-02", With("US"))});
  TestViews views(history);
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2021-05-05");
  request.set_page_size(1);
  request.set_page_token(views.Ask(request).next_page_token());
  EXPECT_TRUE(views.TryAsk(request));
  request.mutable_filter()->add_countries("JP");
  const auto reply = views.TryAsk(request);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().reason, Reason::kPageTokenInvalid);
}

TEST(AsOf, ReportedAndRecordedAreTwoAxes) {
  const auto ms = [](const char* time) { return RecordedTimeFromRfc3339(time)->value(); };
  History history;
  history.At(ms("2021-05-10T12:00:00Z"))
      .Append({R"({"stream":"meeting/talks","reported":"2021-05-09",
          "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"IN"}]},
          "meeting_scheduled":{"date":{"edtf":"2021-06-01"}}})"});
  // An old report, learned of last.
  history.At(ms("2021-05-20T12:00:00Z"))
      .Append({R"({"stream":"meeting/talks","reported":"2021-04-20",
          "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"IN"}]},
          "meeting_scheduled":{"date":{"edtf":"2021-04-24"}}})"});
  TestViews views(history);
  const auto date = [&](const std::string& reported, const std::string& recorded) {
    v1::TimelineRequest request;
    *request.mutable_context() = TodayIs("2021-05-25");
    request.mutable_context()->mutable_as_of()->set_reported(reported);
    request.mutable_context()->mutable_as_of()->set_recorded(recorded);
    const auto reply = views.Ask(request);
    return reply.entries_size() == 0 ? std::string("none")
                                     : reply.entries(0).meeting().date().fact().value();
  };
  EXPECT_EQ(date("", ""), "2021-06-01");
  EXPECT_EQ(date("2021-04-30", ""), "2021-04-24");
  EXPECT_EQ(date("2021-04-19", ""), "none");
  EXPECT_EQ(date("", "2021-05-10"), "2021-06-01");
  EXPECT_EQ(date("", "2021-05-09"), "none");
  EXPECT_EQ(date("2021-04-30", "2021-05-15"), "none");
  EXPECT_EQ(date("2021-04-30", "2021-05-20T12:00:00Z"), "2021-04-24");
}

}  // namespace
}  // namespace entente::views
