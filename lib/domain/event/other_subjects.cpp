#include <algorithm>
#include <string>
#include <vector>

#include "domain/event/check.h"

namespace entente::domain {
namespace {

void Collect(const v1::Facts& facts, std::vector<std::string>& subjects) {
  switch (facts.payload_case()) {
    case v1::Facts::kMeetingsMerged:
      subjects.push_back(facts.meetings_merged().survivor());
      subjects.push_back(facts.meetings_merged().absorbed());
      break;
    case v1::Facts::kMeetingSplit:
      subjects.push_back(facts.meeting_split().from());
      subjects.push_back(facts.meeting_split().to());
      break;
    case v1::Facts::kMeetingLinked:
      subjects.push_back(facts.meeting_linked().other());
      break;
    case v1::Facts::kStatementMade:
      subjects.insert(subjects.end(), facts.statement_made().about().begin(),
                      facts.statement_made().about().end());
      break;
    case v1::Facts::kReportCorrected:
      Collect(facts.report_corrected().replacement(), subjects);
      break;
    default:
      break;
  }
}

}  // namespace

std::vector<std::string> OtherSubjects(std::string_view stream, const v1::Facts& facts) {
  std::vector<std::string> subjects;
  Collect(facts, subjects);
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  std::erase_if(subjects, [&](const std::string& name) { return name.empty() || name == stream; });
  return subjects;
}

}  // namespace entente::domain
