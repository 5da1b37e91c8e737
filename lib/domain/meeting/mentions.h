// Machine-coded rows about a pair, grouped into runs that may each be a meeting.
//
// A coder sees one trip on many days: ICEWS has the US president's three days in Japan, 23 to 25
// April 2014, as visits on nearly every day from 2 April to 5 May. So rows whose days follow each
// other closely are one run, and a run is never a meeting until an event names one.
#pragma once

#include <vector>

#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Days named at most this far apart lie in one run.
inline constexpr int kMentionGapDays = 3;

// Fills in `runs`, by (first, last, sense). Rows whose code speaks of neither a meeting nor a plan
// for one are in no run. A function of the set of rows.
void FoldMentions(const std::vector<const Said*>& speaking, v1::Subject& subject);

}  // namespace entente::domain
