// Calendar days, and the axes they lie on.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entente {

// A day of the proleptic Gregorian calendar, 0001-01-01 to 9999-12-31, without a time zone; or
// one of the two ends of time, which order before and after every day.
class Day {
 public:
  constexpr Day() = default;  // 1970-01-01
  constexpr explicit Day(std::chrono::sys_days days)
      : since_epoch_(static_cast<std::int32_t>(days.time_since_epoch().count())) {}
  // nullopt where no such day exists (30 February, year 0).
  static std::optional<Day> FromYmd(int year, unsigned month, unsigned day);
  // Reads YYYY-MM-DD, nothing else.
  static std::optional<Day> FromIso(std::string_view text);

  static constexpr Day BeforeAll() { return Day(INT32_MIN); }
  static constexpr Day AfterAll() { return Day(INT32_MAX); }

  constexpr bool finite() const { return since_epoch_ != INT32_MIN && since_epoch_ != INT32_MAX; }
  constexpr std::int32_t since_epoch() const { return since_epoch_; }  // days since 1970-01-01
  // Of finite days only.
  std::chrono::year_month_day ymd() const;

  // Infinite days stay where they are; finite results are clamped to the calendar.
  Day PlusDays(int n) const;
  // The same day n months on, or the last of that month.
  Day PlusMonths(int n) const;

  // YYYY-MM-DD; empty for the ends of time.
  std::string Iso() const;

  friend constexpr auto operator<=>(Day, Day) = default;

 private:
  constexpr explicit Day(std::int32_t since_epoch) : since_epoch_(since_epoch) {}
  std::int32_t since_epoch_ = 0;
};

// A Day on one axis. It mixes with no day of another axis and with no bare Day: whoever compares
// the two says so with day().
template <class Axis>
class DayOn {
 public:
  constexpr DayOn() = default;
  constexpr explicit DayOn(Day day) : day_(day) {}
  constexpr Day day() const { return day_; }
  friend constexpr auto operator<=>(DayOn, DayOn) = default;

 private:
  Day day_;
};

// When a source said something, as the source prints it: what ranks reports, and what an as-of
// question is bounded by.
//
// Of the three times the other two need no axis. Recorded time is a RecordedTime and no day. Valid
// time, when a meeting is or was, is what a bare Day stands for: the bounds of a date, and the
// `today` that they are compared with. Bare is also what has no axis yet or no longer: the span of
// an EDTF expression whoever wrote it, the UTC day of a recorded time, the days that rows are keyed
// by (lib/views/horizon).
using ReportedDay = DayOn<struct ReportedAxis>;

}  // namespace entente
