// How long what begins on a day may last. Lists are in the order of earliest days: who wants what
// reaches a day need not look further back than the longest of them lasts. So the long ones are
// listed apart, by about how long they are.
#pragma once

#include <cstdint>

#include "values/day.h"

namespace entente::views {

// Rows of projections before this version have no lists by span (`54`, `60`), and none of what may
// follow (`61`): as long as such views are served, the lists of all are walked.
inline constexpr std::uint32_t kListedBySpanSince = 5;

// Values are on disk.
enum class Span : std::uint8_t { kMonth = 1, kSeason = 2, kYear = 3, kLong = 4 };

// Of up to 31, 92, 366 days, both ends included; or of more, or open.
Span SpanOf(Day earliest, Day latest);
// The first earliest day with which something of this span can reach `day`.
Day FirstToReach(Span span, Day day);

}  // namespace entente::views
