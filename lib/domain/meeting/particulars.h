// What is known of a meeting beside its life: how, where, how long and at what level, who sat, on
// what, with what result.
#pragma once

#include <span>
#include <vector>

#include "domain/meeting/findings.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// What all of these share: reports that speak about the meeting, lowest rank first; all of its
// reports, for the findings.
struct Telling {
  std::vector<const Said*> speaking;
  std::span<const Said> reports;
  const Registries& registries;
};

// Mode, place, duration and level.
void FoldSetting(const Telling& telling, v1::Meeting& meeting, Findings& findings);
void FoldAttendees(const Telling& telling, v1::Meeting& meeting, Findings& findings);
void FoldTopics(const Telling& telling, v1::Meeting& meeting, Findings& findings);
void FoldResults(const Telling& telling, v1::Meeting& meeting);

// Also of subjects that are no meeting.
void FoldStatements(const Telling& telling,
                    google::protobuf::RepeatedPtrField<v1::StatementFact>& statements);
void FoldClaims(const Telling& telling, google::protobuf::RepeatedPtrField<v1::ClaimFact>& claims);

}  // namespace entente::domain
