// The fold as a filter, for the comparison with the reference: reads histories on standard input,
// line by line, and prints what the fold makes of each.
//
//   {...}                                       a RecordedEvent of the history
//   ? TODAY REPORTED RECORDED                   asks; `-` for no bound
//   .                                           the history ends
//
// An answer is a line for each meeting, why it is pending (`-` if it is not) and the Meeting as
// JSON, and then an empty line.
#include <cstdio>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "domain/meeting/fold.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "formats/json_lines.h"
#include "values/day.h"

namespace entente {

namespace {

v1::Report ReportOf(const v1::RecordedEvent& recorded) {
  const v1::NewEvent& event = recorded.event();
  v1::Report report;
  report.set_position(recorded.position());
  report.set_revision(recorded.revision());
  *report.mutable_recorded() = recorded.recorded();
  report.set_event_id(event.id());
  report.set_stream(event.stream());
  report.set_reported(event.reported().empty() ? event.source().published() : event.reported());
  report.set_class_(event.source().class_());
  report.set_publisher(event.source().publisher());
  // Facts has the fields of NewEvent that say something under the same numbers.
  report.mutable_facts()->ParseFromString(event.SerializeAsString());
  report.mutable_facts()->DiscardUnknownFields();
  return report;
}

const char* WordOf(std::optional<domain::Pending> why) {
  if (!why) return "-";
  switch (*why) {
    case domain::Pending::kPostponed:
      return "postponed";
    case domain::Pending::kCalledOff:
      return "called_off";
    case domain::Pending::kUndated:
      return "undated";
    case domain::Pending::kLapsed:
      return "lapsed";
  }
  return "?";
}

bool Answer(const std::vector<v1::Report>& reports, const std::string& question) {
  std::istringstream words(question);
  std::string mark, today_text, reported, recorded;
  words >> mark >> today_text >> reported >> recorded;
  const auto today = Day::FromIso(today_text);
  if (!today) return false;
  domain::AsOf as_of;
  if (const auto day = Day::FromIso(reported)) as_of.reported = ReportedDay(*day);
  if (const auto day = Day::FromIso(recorded)) as_of.recorded = EndOfDay(*day);
  auto folded = domain::FoldMeetings(reports, as_of, domain::PartyRegistry::BuiltIn(),
                                     domain::Vocabulary::BuiltIn());
  for (v1::Meeting& meeting : folded.meetings) {
    meeting.set_status(domain::PrintedStatus(meeting, *today));
    std::cout << WordOf(domain::WhyPending(meeting, *today)) << ' ' << formats::ToJsonLine(meeting)
              << '\n';
  }
  std::cout << '\n';
  return true;
}

int Run() {
  std::vector<v1::Report> reports;
  std::string line;
  for (int number = 1; std::getline(std::cin, line); ++number) {
    if (line == ".") {
      reports.clear();
    } else if (line.starts_with("?")) {
      if (!Answer(reports, line)) {
        std::cerr << "line " << number << ": a question is `? TODAY REPORTED RECORDED`\n";
        return 1;
      }
    } else {
      const auto event = formats::RecordedEventFromJson(line);
      if (!event) {
        std::cerr << "line " << number << ": " << event.error().message << '\n';
        return 1;
      }
      reports.push_back(ReportOf(*event));
    }
  }
  return 0;
}

}  // namespace

}  // namespace entente

int main() { return entente::Run(); }
