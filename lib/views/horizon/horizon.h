// How many reports there are, and from when: what any answer can know of.
#pragma once

#include <cstdint>
#include <optional>

#include "domain/meeting/fold.h"
#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "views/rows/draft.h"

namespace entente::views {

// Counts a report.
void AddToHorizon(const v1::Report& report, Draft* draft);

struct ReportHorizon {
  std::uint64_t reports = 0;
  Day from = Day::AfterAll();  // first possible day of the earliest report
  Day to = Day::BeforeAll();   // last possible day of the latest
};
// Of the reports that exist as asked. `recorded` must have been turned into a position.
ReportHorizon ReadHorizon(const Snapshot& snapshot, const std::optional<Position>& position,
                          const std::optional<ReportedDay>& reported);

}  // namespace entente::views
