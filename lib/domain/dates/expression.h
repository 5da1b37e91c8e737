// The parts of a parsed EDTF expression, before they become days. What bounds and words are made
// of; everybody else wants UncertainDate.
//
//     expression = side [ "/" side ]                    an interval has two sides
//     side       = point | "[" point { "," point } "]" | ".." | nothing
//     point      = YYYY [ "-" MM [ "-" DD ] ] [ "~" | "?" | "%" ] | YYYY "-" season
//
// X stands for an unspecified digit: only at the end of a part, and after a part with X only
// parts of X. Source: ISO 8601-2:2019, and the EDTF specification of the Library of Congress.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "values/error.h"

namespace entente::domain {

// A year, month or day as written. `2021` is 2021..2021, `202X` is 2020..2029, month `XX` 1..12.
struct DatePart {
  int lowest = 0;
  int highest = 0;
  int unspecified = 0;  // how many of its digits are X
  bool exact() const { return unspecified == 0; }
};

// What `~`, `?` and `%` say of the whole point before them.
enum class Qualifier { kNone, kUncertain, kApproximate, kBoth };

struct DatePoint {
  DatePart year;
  std::optional<DatePart> month;
  std::optional<DatePart> day;  // only with a month
  int season = 0;               // 21-24 season, 33-36 quarter, 40-41 half of the year; 0: none
  Qualifier qualifier = Qualifier::kNone;
};

struct DateSide {
  enum class Kind { kPoint, kSet, kOpen, kUnknown };
  Kind kind = Kind::kPoint;
  std::vector<DatePoint> points;  // one of a point, all of a set, none otherwise
};

struct DateExpression {
  DateSide first;
  std::optional<DateSide> last;  // only of an interval
};

// Checks form and calendar (no 30 February, no month 13), not the order of an interval's ends.
// DATE_INVALID, its message beginning with "column N: ", N counted in bytes from 1.
Result<DateExpression> ParseDateExpression(std::string_view text);

}  // namespace entente::domain
