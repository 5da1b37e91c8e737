// A meeting that is followed report by report against the fold of all of them.
#include "domain/meeting/followed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <span>

#include "domain/meeting/change.h"
#include "domain/meeting/fold.h"
#include "tests/meeting/invented_history.h"

namespace entente::domain {
namespace {

constexpr std::uint64_t kHistories = 150;
constexpr HistoryShape kOneMeeting{.acts_of_ours = false, .one_stream = true, .whatever = true};

v1::Meeting FoldOf(std::span<const v1::Report> reports) {
  auto folded = FoldMeetings(reports, {}, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  return folded.meetings.empty() ? v1::Meeting() : std::move(folded.meetings.front());
}

std::string InWords(const std::vector<v1::ChangeType::Value>& reasons) {
  std::string words;
  for (const auto reason : reasons) words += v1::ChangeType::Value_Name(reason) + " ";
  return words;
}

std::string InWords(const std::map<std::string, bool>& terms) {
  std::string words;
  for (const auto& [term, possibly] : terms) words += term + (possibly ? "? " : " ");
  return words;
}

// What was news in all histories, so that a test of nothing but confirmations is noticed.
using Seen = std::map<v1::ChangeType::Value, int>;

// At every prefix the same as of the whole folds before and after.
void FollowAndCompare(const std::vector<v1::Report>& reports, Seen* seen) {
  Followed followed("meeting/m-0", PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  v1::Meeting before;
  for (std::size_t n = 1; n <= reports.size(); ++n) {
    const v1::Report& added = reports[n - 1];
    SCOPED_TRACE(
        fmt::format("with report {} of {}: {}", n, reports.size(), added.ShortDebugString()));
    const auto reasons = followed.Take(added);
    const v1::Meeting after = FoldOf(std::span(reports).first(n));
    ASSERT_TRUE(reasons);
    ASSERT_EQ(InWords(*reasons), InWords(ReasonsFor(before, after, added)))
        << "from " << before.ShortDebugString() << "\nto " << after.ShortDebugString();
    ASSERT_EQ(InWords(followed.terms()), InWords(TermsOf(after))) << after.ShortDebugString();
    for (const auto reason : *reasons) ++(*seen)[reason];
    before = after;
  }
}

// Some reports at once, as they are read again, and the others one by one: the same as all one by
// one.
void BeginLateAndCompare(const std::vector<v1::Report>& reports, std::size_t known) {
  Followed followed("meeting/m-0", PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  std::vector<const v1::Report*> places;
  places.reserve(known);
  for (std::size_t n = 0; n < known; ++n) places.push_back(&reports[n]);
  ASSERT_TRUE(followed.TakeKnown(places));
  v1::Meeting before = FoldOf(std::span(reports).first(known));
  ASSERT_EQ(InWords(followed.terms()), InWords(TermsOf(before))) << before.ShortDebugString();
  for (std::size_t n = known + 1; n <= reports.size(); ++n) {
    SCOPED_TRACE(fmt::format("{} at once, then report {} of {}", known, n, reports.size()));
    const auto reasons = followed.Take(reports[n - 1]);
    const v1::Meeting after = FoldOf(std::span(reports).first(n));
    ASSERT_TRUE(reasons);
    ASSERT_EQ(InWords(*reasons), InWords(ReasonsFor(before, after, reports[n - 1])));
    ASSERT_EQ(InWords(followed.terms()), InWords(TermsOf(after)));
    before = after;
  }
}

TEST(FollowedMeeting, MayBeginWithManyReportsAtOnce) {
  for (std::uint64_t seed = 1; seed <= kHistories && !testing::Test::HasFatalFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("InventHistory({})", seed));
    std::vector<v1::Report> reports = InventHistory(seed, kOneMeeting);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 3; ++round) {
      std::ranges::shuffle(reports, random);
      BeginLateAndCompare(reports, 1 + random() % reports.size());
    }
  }
}

void FollowInEveryOrder(HistoryShape shape) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    std::vector<v1::Report> reports = InventHistory(seed, shape);
    std::mt19937_64 random(seed);
    for (const char* order : {"as invented", "by day", "shuffled", "shuffled again"}) {
      SCOPED_TRACE(fmt::format("InventHistory({}), {}", seed, order));
      if (order == std::string_view("by day")) {
        std::ranges::stable_sort(reports, {}, &v1::Report::reported);
      } else if (order != std::string_view("as invented")) {
        std::ranges::shuffle(reports, random);
      }
      FollowAndCompare(reports, &seen);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  for (int reason = v1::ChangeType::Value_MIN + 1; reason <= v1::ChangeType::Value_MAX; ++reason) {
    static const std::set<int> kOfOthers = {
        v1::ChangeType::merged,    v1::ChangeType::split,
        v1::ChangeType::linked,    v1::ChangeType::rhythm_agreed,
        v1::ChangeType::mentioned, v1::ChangeType::coverage_declared};
    if (kOfOthers.contains(reason)) continue;
    const auto value = static_cast<v1::ChangeType::Value>(reason);
    if (!shape.acts && (value == v1::ChangeType::corrected || value == v1::ChangeType::retracted)) {
      continue;
    }
    EXPECT_GT(seen[value], 20) << v1::ChangeType::Value_Name(value);
  }
}

TEST(FollowedMeeting, IsTheFoldAtEveryPrefixInEveryOrder) { FollowInEveryOrder(kOneMeeting); }

TEST(FollowedMeeting, WithoutActs) {
  FollowInEveryOrder({.acts_of_ours = false, .acts = false, .one_stream = true, .whatever = true});
}

v1::Report Say(std::string_view id) {
  v1::Report report;
  report.set_event_id(std::string(id));
  report.set_stream("meeting/m-0");
  report.set_reported("2021-04-01");
  report.set_class_(v1::Source::media);
  report.set_publisher("Kyodo");
  return report;
}

bool CanFollow(const v1::Report& report) {
  Followed followed("meeting/m-0", PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  return followed.Take(report).has_value();
}

TEST(FollowedMeeting, LeavesToTheFoldWhatSpeaksOfOthers) {
  v1::Report plan = Say("plan");
  plan.mutable_facts()->mutable_meeting_scheduled()->mutable_date()->set_edtf("2021-04-24");
  EXPECT_TRUE(CanFollow(plan));
  plan.set_stream("meeting/m-1");
  EXPECT_FALSE(CanFollow(plan));

  v1::Report merge = Say("merge");
  merge.mutable_facts()->mutable_meetings_merged()->set_survivor("meeting/m-0");
  EXPECT_FALSE(CanFollow(merge));
  v1::Report split = Say("split");
  split.mutable_facts()->mutable_meeting_split()->set_from("meeting/m-0");
  EXPECT_FALSE(CanFollow(split));
  v1::Report link = Say("link");
  link.mutable_facts()->mutable_meeting_linked()->set_other("meeting/m-1");
  EXPECT_FALSE(CanFollow(link));
  v1::Report statement = Say("statement");
  statement.mutable_facts()->mutable_statement_made()->add_about("meeting/m-1");
  EXPECT_FALSE(CanFollow(statement));
}

TEST(FollowedMeeting, LeavesToTheFoldACorrectionThatSpeaksOfOthers) {
  std::deque<v1::Report> reports = {Say("statement"), Say("correction")};
  reports[0].mutable_facts()->mutable_statement_made()->set_summary("hopes");
  auto& corrected = *reports[1].mutable_facts()->mutable_report_corrected();
  corrected.set_target("statement");
  corrected.mutable_replacement()->mutable_statement_made()->add_about("meeting/m-1");
  Followed followed("meeting/m-0", PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  EXPECT_TRUE(followed.Take(reports[0]));
  EXPECT_FALSE(followed.Take(reports[1]));
}

}  // namespace
}  // namespace entente::domain
