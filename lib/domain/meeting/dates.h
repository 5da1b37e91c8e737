// When a meeting is, was or would have been: dates that refine, displace and contradict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/dates/uncertain_date.h"
#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// One report's word on when.
struct DateWord {
  enum class Kind {
    kDate,       // it is (was) then
    kNewDate,    // the date changed, or the meeting is on again, then: ends refinement below it
    kOldDate,    // in passing: it had been set for then
    kPostponed,  // off for now
    kOnAgain,    // on again, without a date: says nothing on the date but ends refinement
  };
  const Said* said = nullptr;
  Kind kind = Kind::kDate;
  std::optional<UncertainDate> date;  // of the first three
  std::string last_day;
  std::string stated_by;  // code of the party whose calendar it is
};

struct SettledDate {
  v1::DateFact fact;
  // The report that set the state, and the finest date that it stands on; null if undated.
  const DateWord* word = nullptr;
  const DateWord* finest = nullptr;
  // Bounds over everything that may hold: disputed values and local days too.
  std::optional<Bounds> bounds;
  // Sources as good as each other say dated and postponed.
  bool postponement_disputed = false;
  // Words whose old date nests with nothing that was known before them.
  std::vector<const DateWord*> astray;
};

// Plans and held dates are settled apart. `words` lowest rank first, an old date just before the
// postponement or new date of the same report. An empty list: undated.
SettledDate SettleDates(const std::vector<DateWord>& words);

// Whether the two can be the same date, one only coarser: every day that `fine` leaves possible,
// `coarse` does too.
bool Refines(const UncertainDate& fine, const UncertainDate& coarse);
bool Nest(const UncertainDate& a, const UncertainDate& b);
// No day is possible by both.
bool Exclude(const UncertainDate& a, const UncertainDate& b);

// The value that a rival date has for the state without one.
inline constexpr std::string_view kPostponedWord = "postponed";

}  // namespace entente::domain
