// When a meeting is, was or would have been: dates that refine, displace and contradict.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/dates/uncertain_date.h"
#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Every expression is parsed once: reports on one meeting say the same few over and over.
class ParsedDates {
 public:
  // Lives as long as this; nullptr for what is no date.
  const UncertainDate* Parse(std::string_view edtf);

 private:
  std::map<std::string, std::optional<UncertainDate>, std::less<>> dates_;
};

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
  const UncertainDate* date = nullptr;  // of the first three
  std::string_view last_day;
  std::string_view stated_by;  // code of the party whose calendar it is
};

// Whether it says on which day the meeting is, or that it is on none. Old dates and "on again" only
// speak in passing.
bool SetsState(const DateWord& word);

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

// An outline leaves out who says so and what is history: `said_by` and rivals that are superseded,
// coarser or local days may lack, `previous` and `astray` are empty. The rest is as in the whole.
enum class Extent { kWhole, kOutline };

// Plans and held dates are settled apart. `words` lowest rank first, an old date just before the
// postponement or new date of the same report. An empty list: undated.
SettledDate SettleDates(const std::vector<DateWord>& words, Extent extent = Extent::kWhole);

// Whether the old date at this place nests with nothing that was known before it. What lies below
// the place decides, and the word above it.
bool IsAstray(const std::vector<DateWord>& words, std::size_t place);

// Whether the two can be the same date, one only coarser: every day that `fine` leaves possible,
// `coarse` does too.
bool Refines(const UncertainDate& fine, const UncertainDate& coarse);
bool Nest(const UncertainDate& a, const UncertainDate& b);
// No day is possible by both.
bool Exclude(const UncertainDate& a, const UncertainDate& b);

// The value that a rival date has for the state without one.
inline constexpr std::string_view kPostponedWord = "postponed";

}  // namespace entente::domain
