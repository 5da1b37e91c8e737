// Corrections and retractions: what each report says today, and whether it still counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "domain/meeting/said.h"
#include "domain/meeting/visibility.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

inline bool IsCorrection(const v1::Facts& facts) { return facts.has_report_corrected(); }
inline bool IsRetraction(const v1::Facts& facts) { return facts.has_report_retracted(); }
inline bool IsActOnReport(const v1::Facts& facts) {
  return IsCorrection(facts) || IsRetraction(facts);
}
// The id of the event that such an act is on; of all else empty.
std::string_view TargetOf(const v1::Facts& facts);

// Something that does not fit, noticed before reports are laid to their meetings.
struct EarlyFinding {
  v1::Finding::Kind kind = v1::Finding::inconsistent;
  std::string facet;
  std::string text;
  std::vector<std::size_t> reports;  // indexes into Visible.recorded
};

// What became of one report.
struct Verdict {
  v1::Report::Fate::Value fate = v1::Report::Fate::unspecified;
  std::string_view by;               // event id of the act that decided
  const v1::Facts* facts = nullptr;  // what holds in its place; its own unless corrected
  std::size_t voice = 0;             // the report whose words `facts` are
  std::size_t root = 0;              // the report it acts on in the end; itself if no act
  bool shown = true;                 // listed among the reports
  // Its facts are to be folded: it is no act on a report, not retracted, and was said.
  bool speaks() const { return shown && fate != v1::Report::Fate::retracted && !is_act; }
  bool is_act = false;  // a correction or retraction
};

struct Judged {
  std::vector<Verdict> verdicts;  // for each of Visible.recorded
  std::vector<EarlyFinding> findings;
};

// A correction of a correction acts on the root report; of several live ones the one of highest
// rank holds, and retracting it brings back the one before. A retraction removes its target and
// may itself be retracted. Without effect, and a finding: an act on an unknown report, one in a
// cycle, one whose source spoke before its target did, and a correction that changes the type.
Judged Judge(const Visible& visible);

}  // namespace entente::domain
