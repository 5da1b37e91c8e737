// From the parts of an expression to its first and last possible day.
#pragma once

#include <utility>

#include "domain/dates/expression.h"
#include "domain/dates/uncertain_date.h"

namespace entente::domain {

// Northern seasons by whole months: 21 March-May, 22 June-August, 23 September-November,
// 24 December-February of the next year; quarters 33-36; halves 40-41. Inclusive, months counted
// from January of the point's year, so that winter is {12, 14}.
std::pair<int, int> MonthsOfSeason(int season);

Bounds BoundsOf(const DatePoint& point);
// Widened on both sides where the point is qualified, by the finest part of which a digit is
// given: a day by 7 days, a month by one month, a year by one year.
Bounds PaddedBoundsOf(const DatePoint& point);
// Of the last part that is given in full.
Precision PrecisionOf(const DatePoint& point);

}  // namespace entente::domain
