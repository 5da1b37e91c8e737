// The life of a meeting: whether it stands, when it is, whether it is on, off or held, and why.
#pragma once

#include <vector>

#include "domain/meeting/findings.h"
#include "domain/meeting/particulars.h"
#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Fills in date, outcome, reason and until. Returns the reports of it as held that a denial beats:
// what they say of how and with whom it was held does not count either.
std::vector<const Said*> FoldLife(const Telling& telling, v1::Meeting& meeting, Findings& findings);

// Whether reports of this type say that there is, was or would have been such a meeting.
bool AssertsMeeting(const v1::Facts& facts);

// By those that assert it: announced once an official does or one names who announced it.
// `retracted`: there was such a report and it was retracted.
v1::Meeting::Standing StandingOf(const std::vector<const Said*>& speaking, bool retracted);

}  // namespace entente::domain
