// A length of time as ISO 8601 writes it: rhythms, windows of claims, how long a meeting took.
#pragma once

#include <cstdint>
#include <string_view>

#include "values/day.h"
#include "values/error.h"

namespace entente::domain {

// P2Y, P6M, P1Y6M, P14D, P2W (14 days), PT90M, P1DT12H. Parts are not carried over: P14M stays 14
// months. Whole numbers only, no sign, at least one part, at most 9999 years.
struct Duration {
  int years = 0, months = 0, days = 0;
  std::int64_t seconds = 0;
  // DURATION_INVALID, its message beginning with "column N: ".
  static Result<Duration> Parse(std::string_view text);
};

// `day` moved back by the duration's years, months and days: first years and months, where a day
// that the month does not have becomes its last, then days.
Day Back(Day day, const Duration& duration);

}  // namespace entente::domain
