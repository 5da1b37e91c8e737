// Held or not held: what beats a plan, and what only casts doubt.
#pragma once

#include <vector>

#include "domain/meeting/dates.h"

namespace entente::domain {

// Somebody says that it did not take place, or was put or called off, on a day.
struct Denial {
  const Said* said = nullptr;
  const UncertainDate* day = nullptr;  // null: whatever the day
};

struct HeldVerdict {
  enum class Value { kNot, kHeld, kPossible };
  Value value = Value::kNot;
  bool disputed = false;               // each report that holds has a better-ranked one against it
  bool unconfirmed = false;            // a medium over an official, or a newer rumour against it
  std::vector<DateWord> words;         // the reports that hold, lowest rank first
  std::vector<const Said*> disputing;  // what makes it disputed
  std::vector<const Said*> against;    // the same, and what makes it unconfirmed
  std::vector<const Said*> premature;  // held on a day after the report itself
  std::vector<const Said*> denied;     // beaten by a denial
};

// Reports that it was held stand against denials of the same or a lower class and against older
// ones. Said by an official or a medium, of a day not after the report, it is held whatever the
// plans; otherwise it is possible at most. `not_held` deny, `off` (postponed, called off,
// cancelled) only dispute. `official_plan` is the highest-ranked official report that it is on,
// which takes back what officials said against it before; null if there is none.
HeldVerdict JudgeHeld(const std::vector<DateWord>& held, const std::vector<Denial>& not_held,
                      const std::vector<Denial>& off, const Said* official_plan);

// Reported as held on a day that is surely after the report itself.
bool IsPremature(const DateWord& held);

}  // namespace entente::domain
