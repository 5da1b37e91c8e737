// Reports on one fact, set against each other: what holds, what rivals it, and why.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// One report's word on one fact. Two values are the same or exclude each other. The value is the
// report's or a registry's; whoever makes one up keeps it.
struct Assertion {
  const Said* said = nullptr;
  std::string_view value;
};

// The winner is the highest-ranked report of an official or a medium, and only without one the
// highest-ranked of the others. Beaten values are rivals:
//   disputed            said on the same day by the same class, and in contradiction
//   unconfirmed_change  said later by unnamed sources or inference; or by an official whom a
//                       medium displaced
//   superseded          everything else
// `assertions` lowest rank first; empty: an empty fact.
v1::Fact Settle(std::span<const Assertion> assertions);

// Adds a value that did not hold to a fact. One value has one reason, the gravest.
void AddRival(v1::Fact& fact, std::string_view value, v1::Fact::Rival::Why why,
              std::uint32_t said_by);

// Index of the winner; nullopt if there is none.
std::optional<std::size_t> WinnerOf(std::span<const Assertion> assertions);

// What Settle gives, without who says so and without what is history: as much as a change of it
// is told by. It looks at the assertions above the winner, at those of its day and class, and at
// the highest official one, however many there are below.
struct Decision {
  bool asserted = false;  // anybody says anything
  std::string_view value;
  std::vector<std::string_view> disputed;  // values of the disputed rivals, sorted
  std::uint32_t unconfirmed = 0;           // rivals that are unconfirmed changes
  friend bool operator==(const Decision&, const Decision&) = default;
};
Decision Decide(std::span<const Assertion> assertions);

}  // namespace entente::domain
