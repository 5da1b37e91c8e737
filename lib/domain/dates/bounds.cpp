#include "domain/dates/bounds.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace entente::domain {
namespace {

constexpr int kQualifiedDays = 7;

Day FirstOfMonth(int year, int month) {
  return *Day::FromYmd(year, static_cast<unsigned>(month), 1);
}

Day LastOfMonth(Day day) {
  const auto date = day.ymd();
  return Day(std::chrono::sys_days{
      std::chrono::year_month_day_last{date.year(), std::chrono::month_day_last{date.month()}}});
}

Bounds WholeMonths(Day first, int last_offset) {
  // The clamp of PlusMonths keeps winter 9999 inside the calendar.
  return {first, LastOfMonth(first.PlusMonths(last_offset))};
}

Bounds WidenedByMonths(const Bounds& bounds, int months) {
  return {bounds.earliest.PlusMonths(-months), LastOfMonth(bounds.latest.PlusMonths(months))};
}

}  // namespace

std::pair<int, int> MonthsOfSeason(int season) {
  if (season >= 40) return {1 + 6 * (season - 40), 6 + 6 * (season - 40)};
  if (season >= 33) return {1 + 3 * (season - 33), 3 + 3 * (season - 33)};
  return {3 + 3 * (season - 21), 5 + 3 * (season - 21)};
}

Bounds BoundsOf(const DatePoint& point) {
  if (point.season != 0) {
    const auto [first, last] = MonthsOfSeason(point.season);
    return WholeMonths(FirstOfMonth(point.year.lowest, first), last - first);
  }
  const int first_month = point.month ? point.month->lowest : 1;
  const int last_month = point.month ? point.month->highest : 12;
  Bounds bounds{FirstOfMonth(point.year.lowest, first_month),
                LastOfMonth(FirstOfMonth(point.year.highest, last_month))};
  if (point.day && point.month->exact()) {
    bounds.latest = bounds.earliest.PlusDays(point.day->highest - 1);
    bounds.earliest = bounds.earliest.PlusDays(point.day->lowest - 1);
  }
  return bounds;
}

Bounds PaddedBoundsOf(const DatePoint& point) {
  const Bounds bounds = BoundsOf(point);
  if (point.qualifier == Qualifier::kNone) return bounds;
  if (point.day && point.day->unspecified < 2) {
    return {bounds.earliest.PlusDays(-kQualifiedDays), bounds.latest.PlusDays(kQualifiedDays)};
  }
  const bool month_given = point.month && point.month->unspecified < 2;
  return WidenedByMonths(bounds, month_given ? 1 : 12);
}

Precision PrecisionOf(const DatePoint& point) {
  if (point.season >= 40) return Precision::kSemester;
  if (point.season >= 33) return Precision::kQuarter;
  if (point.season != 0) return Precision::kSeason;
  switch (point.year.unspecified) {
    case 1:
      return Precision::kDecade;
    case 2:
      return Precision::kCentury;
    case 3:
      return Precision::kMillennium;
    default:
      break;
  }
  if (!point.month || !point.month->exact()) return Precision::kYear;
  return point.day && point.day->exact() ? Precision::kDay : Precision::kMonth;
}

int Bounds::SpanDays() const {
  if (!earliest.finite() || !latest.finite()) return INT32_MAX;
  return latest.since_epoch() - earliest.since_epoch();
}

bool Bounds::Overlaps(const Bounds& other) const {
  return earliest <= other.latest && other.earliest <= latest;
}

bool Bounds::Contains(const Bounds& other) const {
  return earliest <= other.earliest && other.latest <= latest;
}

}  // namespace entente::domain
