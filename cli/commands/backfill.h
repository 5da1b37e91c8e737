// Which reports of an import are history, and alert nobody.
#pragma once

#include "entente/v1/event.pb.h"
#include "values/day.h"

namespace entente::cli {

enum class Backfill {
  kOld,     // what was said long enough ago, and what says so itself
  kAlways,  // all
  kNever,   // none, also of what says so itself
};

inline constexpr int kNewsDays = 7;

// kOld: what was certainly said more than kNewsDays before `today`. What may be news is news, and
// so is what has no time that can be read.
bool IsBackfill(const v1::NewEvent& event, Backfill rule, Day today);

}  // namespace entente::cli
