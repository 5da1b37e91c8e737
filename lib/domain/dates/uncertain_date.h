// When a meeting is or was, as far as a source says: an EDTF expression with its bounds.
//
//     "2021-04-24"              one day
//     "2021-03"                 some day in March
//     "2021-05-05/2021"         first day between 5 May and the end of 2021
//     "[2021-04-24,2021-04-25]" one of two days
//
// The supported part of EDTF (ISO 8601-2:2019, levels 0 and 1, and of level 2 one-of sets,
// quarters and semesters) and what an expression means here: docs/dates.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "values/day.h"
#include "values/error.h"

namespace entente::domain {

// First and last day that are possible, both inclusive. An open or unknown end is
// Day::BeforeAll() or Day::AfterAll().
struct Bounds {
  Day earliest;
  Day latest;
  // Days from earliest to latest; a single day is 0. Infinite ends: INT32_MAX.
  int SpanDays() const;
  bool Overlaps(const Bounds& other) const;
  bool Contains(const Bounds& other) const;
  friend constexpr bool operator==(const Bounds&, const Bounds&) = default;
};

// Of the last part given in full: `2021-04-XX` is a month, `202X` a decade.
enum class Precision {
  kDay,
  kMonth,
  kSeason,
  kQuarter,
  kSemester,
  kYear,
  kDecade,
  kCentury,
  kMillennium,
  kInterval,
  kSet
};

// An immutable, parsed EDTF expression.
class UncertainDate {
 public:
  // DATE_INVALID with the column (from 1) in the message.
  static Result<UncertainDate> Parse(std::string_view edtf);
  static UncertainDate Of(Day day);
  // The one-of set of these, whatever their order; one member alone is itself. Used for disputed
  // dates. EDTF sets hold no intervals: with an interval among the members the text is the
  // interval from the first to the last possible day, and only alternatives() tells them apart.
  // `members` is not empty.
  static UncertainDate OneOf(const std::vector<UncertainDate>& members);

  const std::string& text() const { return text_; }  // as given, or canonical for OneOf
  const Bounds& bounds() const { return bounds_; }
  // With `~`, `?` and `%` widened on both sides (a day by 7 days, a month by a month, a year by a
  // year); only for lapsing and identity.
  const Bounds& padded() const { return padded_; }
  Precision precision() const { return precision_; }
  bool IsSingleDay() const { return bounds_.earliest == bounds_.latest; }
  bool qualified() const { return qualified_; }  // carries ~, ? or %
  // An end is unknown (empty), not open.
  bool unknown_end() const { return unknown_end_; }
  // Bounds less than 27 days apart: finer than a month, what makes a meeting
  // `scheduled` and not only `announced`.
  bool FinerThanMonth() const;
  // Members of a one-of set; otherwise the date itself.
  const std::vector<Bounds>& alternatives() const { return alternatives_; }

 private:
  std::string text_;
  Bounds bounds_;
  Bounds padded_;
  std::vector<Bounds> alternatives_;
  Precision precision_ = Precision::kDay;
  bool qualified_ = false;
  bool unknown_end_ = false;
};

// What is known of the order of two dates. kSame only for the same single day.
enum class DateOrder { kBefore, kAfter, kSame, kUnknown };
DateOrder Compare(const Bounds& a, const Bounds& b);

// Whether a date lies in a window: certainly when its bounds lie inside, possibly when they
// overlap.
enum class Containment { kOutside, kPossible, kCertain };
Containment Within(const Bounds& date, const Bounds& window);

// Bytes that sort as (earliest, latest, text); a total order for listing, never proof of order.
// 8 bytes big-endian, then the text.
std::string SortKey(const Bounds& bounds, std::string_view text);

}  // namespace entente::domain
