// What must hold of every history, tried on many that were invented.
#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "domain/dates/reported_time.h"
#include "domain/meeting/change.h"
#include "domain/meeting/fold.h"
#include "tests/meeting/invented_history.h"

namespace entente::domain {
namespace {

constexpr std::uint64_t kHistories = 600;

FoldedComponent Fold(const std::vector<v1::Report>& reports, const AsOf& as_of = {}) {
  return FoldMeetings(reports, as_of, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
}

// Without what tells in which order the reports came.
v1::Meeting WithoutArrival(v1::Meeting meeting) {
  meeting.clear_last_position();
  for (auto& report : *meeting.mutable_reports()) report.clear_position();
  return meeting;
}

// Without who said it: lists of reports, and everything that points into them.
void Forget(google::protobuf::Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    static const std::set<std::string> kForgotten = {
        "said_by", "reports", "rivals", "text", "first_reported", "last_reported", "last_position"};
    if (kForgotten.contains(field->name())) {
      reflection.ClearField(&message, field);
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) {
        Forget(*reflection.MutableMessage(&message, field));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        Forget(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

v1::Meeting ValuesOf(v1::Meeting meeting) {
  Forget(meeting);
  return meeting;
}

std::string Difference(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  if (a.SerializeAsString() == b.SerializeAsString()) return "";
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  return differencer.Compare(a, b) ? "" : difference;
}

std::string Difference(const FoldedComponent& a, const FoldedComponent& b,
                       v1::Meeting (*view)(v1::Meeting)) {
  if (a.absorbed != b.absorbed) return "other ids are absorbed";
  if (a.meetings.size() != b.meetings.size()) return "another number of meetings";
  for (std::size_t i = 0; i < a.meetings.size(); ++i) {
    const auto difference = Difference(view(a.meetings[i]), view(b.meetings[i]));
    if (!difference.empty()) return a.meetings[i].id() + ": " + difference;
  }
  return "";
}

class InventedHistories : public testing::Test {
 protected:
  template <class Check>
  void ForEach(HistoryShape shape, Check check) {
    for (std::uint64_t seed = 1; seed <= kHistories && !HasFailure(); ++seed) {
      SCOPED_TRACE(fmt::format("InventHistory({})", seed));
      check(seed, InventHistory(seed, shape));
    }
  }
};

AsOf RandomAsOf(std::mt19937_64& dice, std::size_t reports) {
  AsOf as_of;
  if (dice() % 3 != 0) as_of.position = Position(dice() % (reports + 2));
  if (dice() % 3 != 0) {
    const auto first = *Day::FromIso("2021-01-01");
    as_of.reported = ReportedDay(first.PlusDays(static_cast<int>(dice() % 200)));
  }
  return as_of;
}

// A fold says as of which other questions it is the same, and so of how many it need not be done.
TEST_F(InventedHistories, AFoldIsTheSameAsOfEveryQuestionInItsSpan) {
  int held = 0;
  ForEach({}, [&](std::uint64_t seed, const std::vector<v1::Report>& reports) {
    std::mt19937_64 dice(seed);
    std::vector<AsOf> questions(8);
    for (AsOf& as_of : questions) as_of = RandomAsOf(dice, reports.size());
    for (const AsOf& as_of : questions) {
      const auto folded = Fold(reports, as_of);
      EXPECT_TRUE(folded.span.Holds(as_of));
      for (const AsOf& other : questions) {
        if (!folded.span.Holds(other)) continue;
        ++held;
        EXPECT_EQ(Difference(folded, Fold(reports, other), [](v1::Meeting m) { return m; }), "");
      }
    }
  });
  EXPECT_GT(held, static_cast<int>(kHistories) * 10) << "hardly any but itself";
}

// What holds of every history proves little if nothing happens in them.
TEST_F(InventedHistories, AreVaried) {
  std::map<std::string, int> seen;
  ForEach({}, [&](std::uint64_t, const std::vector<v1::Report>& reports) {
    const auto folded = Fold(reports);
    seen["merged"] += !folded.absorbed.empty();
    for (const auto& meeting : folded.meetings) {
      ++seen[v1::Meeting::Standing_Name(meeting.standing())];
      ++seen[v1::Meeting::Outcome_Name(meeting.outcome().value())];
      ++seen[v1::DateFact::State_Name(meeting.date().state())];
      for (const auto& report : meeting.reports()) {
        if (report.has_fate()) ++seen[v1::Report::Fate::Value_Name(report.fate().value())];
      }
      for (const auto& finding : meeting.findings()) {
        ++seen[v1::Finding::Kind_Name(finding.kind()) + " " + finding.facet()];
      }
      for (const auto& rival : meeting.date().fact().rivals()) {
        ++seen["date " + v1::Fact::Rival::Why_Name(rival.why())];
      }
    }
  });
  for (const char* what : {"merged",
                           "withdrawn",
                           "announced",
                           "reported",
                           "held",
                           "called_off",
                           "cancelled",
                           "open",
                           "dated",
                           "undated",
                           "postponed",
                           "corrected",
                           "retracted",
                           "no_effect",
                           "moved",
                           "disputed date",
                           "disputed outcome",
                           "disputed parties",
                           "disputed kind",
                           "disputed identity",
                           "unconfirmed_change date",
                           "unconfirmed_change outcome",
                           "inconsistent reports",
                           "inconsistent identity",
                           "inconsistent outcome",
                           "inconsistent date",
                           "date local_day",
                           "date coarser",
                           "date superseded",
                           "date disputed"}) {
    EXPECT_GE(seen[what], 3) << what;
  }
}

TEST_F(InventedHistories, AnyOrderOfArrivalGivesTheSameMeetings) {
  ForEach({}, [](std::uint64_t seed, std::vector<v1::Report> reports) {
    const auto expected = Fold(reports);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 4; ++round) {
      std::ranges::shuffle(reports, random);
      for (std::size_t i = 0; i < reports.size(); ++i) reports[i].set_position(i + 1);
      ASSERT_EQ(Difference(expected, Fold(reports), WithoutArrival), "");
    }
  });
}

TEST_F(InventedHistories, AReportHandedInTwiceIsOneReport) {
  ForEach({}, [](std::uint64_t, std::vector<v1::Report> reports) {
    const auto expected = Fold(reports);
    for (std::size_t i = 0, n = reports.size(); i < n; i += 2) reports.push_back(reports[i]);
    ASSERT_EQ(Difference(expected, Fold(reports), WithoutArrival), "");
  });
}

// The newest word of a medium, saying what holds anyhow; nullopt where nothing firm does.
std::optional<v1::Report> Confirmation(const v1::Meeting& meeting) {
  // A correction's own class says nothing on the rank of what it replaces.
  const auto firm = [&](const auto& said_by) {
    if (said_by.empty()) return false;
    const auto& report = meeting.reports(static_cast<int>(said_by.Get(0)));
    return !report.facts().has_report_corrected() && report.class_() <= v1::Source::media;
  };
  const auto& date = meeting.date();
  const auto& outcome = meeting.outcome();
  if (outcome.disputed() || outcome.unconfirmed() || outcome.possible_only()) return std::nullopt;
  if (date.fact().disputed() || date.fact().unconfirmed()) return std::nullopt;
  if (!firm(outcome.said_by())) return std::nullopt;
  v1::Report report;
  report.set_event_id("confirmation");
  report.set_stream(meeting.id());
  report.set_reported("2022-02-02");
  report.set_class_(v1::Source::media);
  report.set_publisher("Kyodo");
  auto& facts = *report.mutable_facts();
  switch (outcome.value()) {
    case v1::Meeting::held:
      facts.mutable_meeting_held()->mutable_date()->set_edtf(date.fact().value());
      break;
    case v1::Meeting::called_off:
      facts.mutable_meeting_called_off();
      break;
    case v1::Meeting::cancelled:
      facts.mutable_meeting_cancelled();
      break;
    default:
      if (date.state() == v1::DateFact::postponed) {
        facts.mutable_meeting_postponed();
      } else if (date.state() == v1::DateFact::dated && firm(date.fact().said_by())) {
        facts.mutable_meeting_scheduled()->mutable_date()->set_edtf(date.fact().value());
      } else {
        facts.mutable_meeting_announced();
      }
  }
  return report;
}

TEST_F(InventedHistories, AReportThatConfirmsChangesNoValue) {
  int confirmed = 0;
  ForEach({}, [&](std::uint64_t, const std::vector<v1::Report>& reports) {
    for (const auto& before : Fold(reports).meetings) {
      const auto report = Confirmation(before);
      if (!report) continue;
      auto more = reports;
      more.push_back(*report);
      for (const auto& after : Fold(more).meetings) {
        if (after.id() != before.id()) continue;
        ++confirmed;
        const auto reasons = ReasonsFor(before, after, *report);
        ASSERT_EQ(reasons, std::vector{v1::ChangeType::confirmed})
            << Difference(ValuesOf(before), ValuesOf(after)) << report->ShortDebugString();
      }
    }
  });
  EXPECT_GT(confirmed, 300);
}

// Reports that no act aims at: taking one back as our mistake is as if it had never been.
TEST_F(InventedHistories, WhatIsRetractedIsAsIfNeverSaid) {
  ForEach({.acts_of_ours = false, .acts = false},
          [](std::uint64_t seed, const std::vector<v1::Report>& reports) {
            const std::size_t victim = seed % reports.size();
            auto without = reports;
            without.erase(without.begin() + static_cast<std::ptrdiff_t>(victim));
            auto retracted = reports;
            v1::Report& act = retracted.emplace_back();
            act.set_event_id("undo");
            act.set_stream(reports[victim].stream());
            act.set_reported("2021-05-09");
            act.set_class_(v1::Source::official);
            act.mutable_facts()->mutable_report_retracted()->set_target(reports[victim].event_id());
            act.mutable_facts()->mutable_report_retracted()->set_basis(v1::Basis::encoding);
            const auto expected = Fold(without);
            for (const auto& found : Fold(retracted).meetings) {
              const auto never = std::ranges::find(expected.meetings, found.id(), &v1::Meeting::id);
              if (never == expected.meetings.end()) continue;
              auto values = ValuesOf(found);
              // That there once was such a report is known.
              if (values.standing() == v1::Meeting::withdrawn) {
                values.set_standing(v1::Meeting::unspecified);
              }
              ASSERT_EQ(Difference(ValuesOf(*never), values), "");
            }
          });
}

TEST_F(InventedHistories, AMergeTakenBackLeavesNoTrace) {
  ForEach({}, [](std::uint64_t, std::vector<v1::Report> reports) {
    const auto before = Fold(reports);
    v1::Report& merge = reports.emplace_back();
    merge.set_event_id("merge");
    merge.set_stream("meeting/m-0");
    merge.set_reported("2021-05-09");
    merge.set_class_(v1::Source::official);
    merge.mutable_facts()->mutable_meetings_merged()->set_survivor("meeting/m-1");
    merge.mutable_facts()->mutable_meetings_merged()->set_absorbed("meeting/m-0");
    v1::Report& undo = reports.emplace_back(merge);
    undo.set_event_id("undo");
    undo.mutable_facts()->mutable_report_retracted()->set_target("merge");
    undo.mutable_facts()->mutable_report_retracted()->set_basis(v1::Basis::encoding);
    for (const auto& found : Fold(reports).meetings) {
      const auto was = std::ranges::find(before.meetings, found.id(), &v1::Meeting::id);
      if (was == before.meetings.end()) continue;
      ASSERT_EQ(Difference(ValuesOf(*was), ValuesOf(found)), "");
    }
  });
}

TEST_F(InventedHistories, AsOfADayIsTheFoldOfWhatWasSaidByThen) {
  ForEach({.acts_of_ours = false}, [](std::uint64_t seed, const std::vector<v1::Report>& reports) {
    const Day until = Day::FromIso("2021-04-01")->PlusDays(static_cast<int>(seed % 36));
    // A retraction whose target is not there yet is another matter: its target is known.
    std::vector<v1::Report> said;
    for (const auto& report : reports) {
      if (ReportedTime::Parse(report.reported())->latest().day() <= until) said.push_back(report);
    }
    const auto expected = Fold(said);
    const auto found = Fold(reports, {std::nullopt, std::nullopt, ReportedDay(until)});
    ASSERT_EQ(found.meetings.size(), expected.meetings.size());
    for (std::size_t i = 0; i < found.meetings.size(); ++i) {
      auto is = ValuesOf(found.meetings[i]);
      auto was = ValuesOf(expected.meetings[i]);
      is.clear_findings();
      was.clear_findings();
      ASSERT_EQ(Difference(was, is), "");
    }
  });
}

}  // namespace
}  // namespace entente::domain
