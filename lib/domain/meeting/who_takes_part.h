// Who takes part: lists only add, only `removed` removes.
#pragma once

#include <string>
#include <vector>

#include "domain/meeting/findings.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Fills in `parties` and `pairs`. `telling` are the reports whose `meeting` is about this one,
// lowest rank first; `reports` all of the meeting's, for the findings. Parties come in the order
// in which the highest-ranked report that names at least two of them does, the rest by code, and
// those removed last.
void FoldParties(const std::vector<const Said*>& telling, std::span<const Said> reports,
                 const Registries& registries, v1::Meeting& meeting, Findings& findings);

// Takes part, as a participant or host.
bool IsSide(const v1::PartyFact& party);

}  // namespace entente::domain
