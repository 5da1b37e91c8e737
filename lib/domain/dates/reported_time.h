// When a source said something: a day as the source prints it, perhaps with a time of day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/dates/duration.h"
#include "domain/dates/uncertain_date.h"
#include "values/day.h"
#include "values/error.h"

namespace entente::domain {

// A reported time may be uncertain: as-of sees the report from its latest day on, ranking uses its
// earliest day, so that a vague report never outranks a dated one of the same period. The day is
// the one the source prints, without a zone; a time of day keeps its offset.
class ReportedTime {
 public:
  // EDTF (as UncertainDate) or a date-time of RFC 3339: fractions, missing seconds and a missing
  // offset are accepted, and the time is kept to the millisecond. TIME_INVALID otherwise, its
  // message beginning with "column N: ".
  static Result<ReportedTime> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  ReportedDay earliest() const { return earliest_; }
  ReportedDay latest() const { return latest_; }
  // Milliseconds since that day's midnight as printed; 24 hours only in a leap second. None for a
  // bare date.
  std::optional<std::int32_t> time_of_day_ms() const { return time_of_day_ms_; }
  // Milliseconds since 1970 UTC; only with an offset.
  std::optional<std::int64_t> instant_ms() const { return instant_ms_; }

 private:
  std::string text_;
  ReportedDay earliest_;
  ReportedDay latest_;
  std::optional<std::int32_t> time_of_day_ms_;
  std::optional<std::int64_t> instant_ms_;
};

}  // namespace entente::domain
