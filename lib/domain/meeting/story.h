// What was said on the life of one meeting, taken apart: plans, outcomes, and who has it as held,
// off or not held.
#pragma once

#include <vector>

#include "domain/meeting/dates.h"
#include "domain/meeting/held.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/said.h"
#include "domain/meeting/settle.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Every list lowest rank first. Dates are those of the ParsedDates handed in.
struct Story {
  std::vector<DateWord> plans;
  std::vector<DateWord> held;
  std::vector<Assertion> outcomes;          // open, called off, cancelled
  std::vector<Denial> off;                  // postponed, called off, cancelled
  std::vector<const Said*> official_plans;  // official reports that it is on
  std::vector<const Said*> denying;         // reports that it was not held
  std::vector<Denial> not_held;             // what these deny; set by Conclude
};

inline constexpr std::string_view kOpen = "open";
inline constexpr std::string_view kCalledOff = "called_off";
inline constexpr std::string_view kCancelled = "cancelled";
inline constexpr std::string_view kHeld = "held";

// Whether it says anything on the life of the meeting it is about.
bool TellsOfLife(const v1::Facts& facts);

// Adds what a report says, at the place of its rank.
void Tell(const Said& said, const Registries& registries, ParsedDates& dates, Story& story);
// Takes back what Tell added. Before Conclude.
void Untell(const Said& said, Story& story);

// What turns on all the rest: that it did not take place on a day says something on the plan only
// if it was planned for then, and who names no day means the one planned until then. Once, behind
// the last report.
void Conclude(const Registries& registries, ParsedDates& dates, Story& story);
// Whether Conclude has anything to do.
bool TurnsOnPlans(const Story& story);

}  // namespace entente::domain
