// When our log took an event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "values/day.h"
#include "values/strong.h"

namespace entente {

// Milliseconds since 1970-01-01T00:00:00Z by the log's clock, which never runs backwards. All
// events of one append share one.
using RecordedTime = Strong<struct RecordedTimeTag, std::int64_t>;

// 2026-11-23T15:02:03.123Z
std::string ToRfc3339(RecordedTime time);
// Reads an RFC 3339 date-time with its offset; nullopt for anything else.
std::optional<RecordedTime> RecordedTimeFromRfc3339(std::string_view text);
// The first and the last millisecond of a UTC day.
RecordedTime StartOfDay(Day utc_day);
RecordedTime EndOfDay(Day utc_day);

}  // namespace entente
