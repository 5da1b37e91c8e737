// examples/invented-history.jsonl, asked as of many days on both axes and in several orders of
// import; and the facts of examples/two-plus-two-2021.jsonl as the fold sees them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "domain/event/check.h"
#include "domain/meeting/fold.h"
#include "formats/json_lines.h"

namespace entente::domain {
namespace {

std::vector<v1::Report> ReadExample(const std::string& name) {
  std::ifstream in(ENTENTE_SOURCE_DIR "/examples/" + name);
  std::vector<v1::Report> reports;
  for (std::string line; std::getline(in, line);) {
    const auto event = formats::EventFromJson(line);
    if (!event) {
      ADD_FAILURE() << event.error().ToString() << "\n" << line;
      continue;
    }
    for (const auto& error : CheckEvent(*event, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn())) {
      ADD_FAILURE() << error.ToString() << "\n" << line;
    }
    v1::Report report;
    report.set_position(reports.size() + 1);
    report.set_event_id(event->id());
    report.set_stream(event->stream());
    report.set_reported(event->reported());
    report.set_publisher(event->source().publisher());
    report.set_class_(event->source().class_());
    // A report keeps the content without its frame, under the same field numbers.
    report.mutable_facts()->ParseFromString(event->SerializeAsString());
    report.mutable_facts()->DiscardUnknownFields();
    reports.push_back(std::move(report));
  }
  return reports;
}

// "held 2023-06-11 by video; IS MN; 2 findings", or "nothing".
std::string InShort(const std::vector<v1::Report>& reports, const std::string& id,
                    const AsOf& as_of, Day today) {
  const auto folded = FoldMeetings(reports, as_of, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  const auto survivor = folded.absorbed.find(id);
  if (survivor != folded.absorbed.end()) return "is " + survivor->second;
  const auto found = std::ranges::find(folded.meetings, id, &v1::Meeting::id);
  if (found == folded.meetings.end()) return "nothing";
  const v1::Meeting& meeting = *found;
  std::string text = v1::Meeting::Status_Name(PrintedStatus(meeting, today)).substr(7);
  const auto& date = meeting.date();
  text += date.fact().value().empty() ? "" : " " + date.fact().value();
  if (meeting.has_mode()) text += " " + meeting.mode().value();
  text += ";";
  for (const auto& party : meeting.parties()) {
    if (!party.removed()) text += " " + party.code();
  }
  for (const auto& finding : meeting.findings()) {
    text += fmt::format("; {} {}", v1::Finding::Kind_Name(finding.kind()), finding.facet());
  }
  return text;
}

constexpr auto kTalks = "meeting/invented-is-mn-bt-2023-05";
constexpr auto kFeed = "meeting/invented-feed-0042";

struct Question {
  const char* reported;  // as of this day, which is also today
  const char* talks;
  const char* feed;
};

const Question kByReportedDay[] = {
    {"2023-02-28", "nothing", "nothing"},
    {"2023-03-01", "reported 2023-05; IS MN BT", "nothing"},
    {"2023-03-05", "reported 2023-05/2023-06; IS MN BT; unconfirmed_change date", "nothing"},
    {"2023-03-10", "scheduled [2023-05-24,2023-05-25]; IS MN BT", "nothing"},
    {"2023-03-20", "scheduled 2023-05-24 in_person; IS MN BT", "nothing"},
    {"2023-04-02", "scheduled 2023-05-24 video; IS MN BT", "nothing"},
    {"2023-04-15", "called_off 2023-05-24 video; IS MN BT; unconfirmed_change outcome", "nothing"},
    {"2023-04-20", "scheduled 2023-06-10 video; IS MN BT", "nothing"},
    {"2023-05-02", "scheduled 2023-06-10 video; IS MN", "nothing"},
    {"2023-05-10", "cancelled 2023-06-10 video; IS MN; unconfirmed_change outcome", "nothing"},
    {"2023-05-11", "scheduled 2023-06-10 video; IS MN", "nothing"},
    {"2023-05-20", "scheduled 2023-06-10 video; IS MN", "reported 2023-06; IS MN"},
    {"2023-06-12", "held [2023-06-11,2023-06-12] video; IS MN; disputed date",
     "reported 2023-06; IS MN"},
    {"2023-06-14", "held 2023-06-11 video; IS MN", "reported 2023-06; IS MN"},
    {"2023-07-01", "held 2023-06-11 video; IS MN", "held 2023-06-28 phone; IS MN"},
};

TEST(InventedHistoryFile, AsOfAReportedDayInAnyOrderOfImport) {
  auto reports = ReadExample("invented-history.jsonl");
  std::mt19937 random(2023);
  for (int round = 0; round < 6; ++round) {
    for (const Question& question : kByReportedDay) {
      SCOPED_TRACE(fmt::format("round {}, as of {}", round, question.reported));
      const Day day = *Day::FromIso(question.reported);
      const AsOf as_of{std::nullopt, std::nullopt, ReportedDay(day)};
      EXPECT_EQ(InShort(reports, kTalks, as_of, day), question.talks);
      EXPECT_EQ(InShort(reports, kFeed, as_of, day), question.feed);
    }
    std::ranges::shuffle(reports, random);
    for (std::size_t i = 0; i < reports.size(); ++i) reports[i].set_position(i + 1);
  }
}

struct Recorded {
  const char* last_event;  // as of the position at which this one was recorded
  const char* talks;
  const char* feed;
};

const Recorded kByPosition[] = {
    {"invented-01-rumour", "reported 2023-05; IS MN BT", "nothing"},
    {"invented-03-dated", "scheduled 2023-05-24 in_person; IS MN BT", "nothing"},
    {"invented-06-called-off", "called_off 2023-05-24 video; IS MN BT; unconfirmed_change outcome",
     "nothing"},
    {"invented-11-feed", "scheduled 2023-06-10 video; IS MN", "reported 2023-06; IS MN"},
    {"invented-12-merge", "scheduled 2023-06-10 video; IS MN; unconfirmed_change kind",
     "is meeting/invented-is-mn-bt-2023-05"},
    {"invented-13-feed-held",
     "held 2023-06-28 phone; IS MN; unconfirmed_change kind; unconfirmed_change mode",
     "is meeting/invented-is-mn-bt-2023-05"},
    {"invented-14-merge-undone", "scheduled 2023-06-10 video; IS MN",
     "held 2023-06-28 phone; IS MN"},
    {"invented-16-held-12", "held [2023-06-11,2023-06-12] video; IS MN; disputed date",
     "held 2023-06-28 phone; IS MN"},
    {"invented-19-old-report", "held 2023-06-11 video; IS MN", "held 2023-06-28 phone; IS MN"},
};

TEST(InventedHistoryFile, AsOfARecordedPosition) {
  const auto reports = ReadExample("invented-history.jsonl");
  for (const Recorded& question : kByPosition) {
    SCOPED_TRACE(question.last_event);
    const auto last = std::ranges::find(reports, question.last_event, &v1::Report::event_id);
    ASSERT_NE(last, reports.end());
    const AsOf as_of{Position(last->position()), std::nullopt, std::nullopt};
    const Day today = *Day::FromIso("2023-05-01");
    EXPECT_EQ(InShort(reports, kTalks, as_of, today), question.talks);
    EXPECT_EQ(InShort(reports, kFeed, as_of, today), question.feed);
  }
}

TEST(InventedHistoryFile, EverySourceIsMarkedAsImaginary) {
  for (const auto& report : ReadExample("invented-history.jsonl")) {
    EXPECT_NE(report.publisher().find("maginary"), std::string::npos) << report.event_id();
  }
}

TEST(TwoPlusTwo2021, FoldsToWhatTheReportSays) {
  const auto reports = ReadExample("two-plus-two-2021.jsonl");
  const auto folded = FoldMeetings(reports, {}, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  const Day today = *Day::FromIso("2021-05-05");
  std::vector<std::string> lines;
  for (const auto& meeting : folded.meetings) {
    lines.push_back(InShort(reports, meeting.id(), {}, today));
  }
  std::ranges::sort(lines);
  EXPECT_EQ(lines, (std::vector<std::string>{"held 2021-02-03 video; JP GB", "held 2021-03; JP ID",
                                             "held 2021-03; JP US", "held 2021-04; JP DE",
                                             "postponed 2021-04-24; JP IN",
                                             "reported 2021-05-05/2021; JP US"}));
}

}  // namespace
}  // namespace entente::domain
