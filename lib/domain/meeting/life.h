// The life of a meeting: whether it stands, when it is, whether it is on, off or held, and why.
#pragma once

#include <vector>

#include "domain/meeting/finding_counts.h"
#include "domain/meeting/findings.h"
#include "domain/meeting/particulars.h"
#include "domain/meeting/said.h"
#include "domain/meeting/settle.h"
#include "domain/meeting/story.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Fills in date, outcome, reason and until. Returns the reports of it as held that a denial beats:
// what they say of how and with whom it was held does not count either.
std::vector<const Said*> FoldLife(const Telling& telling, v1::Meeting& meeting, Findings& findings);

// The same of a story that was concluded, without who says so and without what is history.
struct LifeOutline {
  v1::OutcomeFact outcome;  // value, disputed, possible_only, rivals
  v1::DateFact date;        // state, value, last_day, earliest, latest
  Decision reason;
  Decision until;
  // All of these facets but reports of it as held before the day, and old dates gone astray.
  FindingCounts findings;
  std::vector<const Said*> denied;  // as FoldLife returns them
};
LifeOutline OutlineLife(const Story& story, const Registries& registries);

// Whether reports of this type say that there is, was or would have been such a meeting.
bool AssertsMeeting(const v1::Facts& facts);

// Whether a report that asserts the meeting announces it: an official one does that says that it
// is, was or would have been, and one that names who announced it.
bool Announces(const Said& said);

// By those that assert it: announced once an official does or one names who announced it.
// `retracted`: there was such a report and it was retracted.
v1::Meeting::Standing StandingOf(const std::vector<const Said*>& speaking, bool retracted);

}  // namespace entente::domain
