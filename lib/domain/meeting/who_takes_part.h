// Who takes part: lists only add, only `removed` removes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/meeting/finding_counts.h"
#include "domain/meeting/findings.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/said.h"
#include "domain/meeting/settle.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Fills in `parties` and `pairs`. `telling` are the reports whose `meeting` is about this one,
// lowest rank first; `reports` all of the meeting's, for the findings. Parties come in the order
// in which the highest-ranked report that names at least two of them does, the rest by code, and
// those removed last.
void FoldParties(const std::vector<const Said*>& telling, std::span<const Said> reports,
                 const Registries& registries, v1::Meeting& meeting, Findings& findings);

// What one report says on who takes part, names resolved: codes of a registry or of the report.
struct Roll {
  const Said* said = nullptr;
  std::vector<std::pair<std::string_view, v1::Party::Role>> in;  // in its order
  std::size_t listed = 0;  // of those, how many stand in the list of parties
  std::vector<std::string_view> out;
};

// All that was said of one party.
struct PartyWords {
  std::vector<Assertion> presence;
  std::vector<Assertion> role;
};

struct RollCall {
  std::vector<Roll> rolls;  // lowest rank first
  std::map<std::string_view, PartyWords> parties;
};

// Adds what a report says, at the place of its rank; nullptr where it says nothing on this.
const Roll* CallRoll(const Said& said, const Registries& registries, RollCall& call);
void Strike(const Said& said, RollCall& call);

// What holds of one party.
struct PartyOutline {
  bool known = false;  // somebody has said that it was to take part
  bool removed = false;
  bool disputed = false;
  v1::Party::Role role = v1::Party::participant;
  FindingCount findings;
  friend bool operator==(const PartyOutline&, const PartyOutline&) = default;
};
PartyOutline OutlineParty(const PartyWords& words);

// The state of a walk through the rolls: who takes part, and every two of whom it was a meeting of
// exactly two.
struct PairWalk {
  std::set<std::string_view> sides;
  std::set<std::string> pairs;
};
// Only rolls of officials and the media count, where there are any.
bool AnyFirm(const RollCall& call);
// Goes one roll on, one that counts.
void Step(const Roll& roll, const RollCall& call, PairWalk& walk);
PairWalk WalkPairs(const RollCall& call);
// Pairs that some ways of settling the disputed parties make and others do not.
std::set<std::string> DoubtfulPairs(const RollCall& call,
                                    const std::vector<std::string_view>& disputed);

// Takes part, as a participant or host.
bool IsSide(const PartyOutline& party);
bool IsSide(const v1::PartyFact& party);

}  // namespace entente::domain
