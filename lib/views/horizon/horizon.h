// How many reports there are, and from when: what any answer can know of.
#pragma once

#include <optional>

#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "views/horizon/report_periods.h"
#include "views/rows/draft.h"

namespace entente::views {

// The count of all reports, kept from one batch to the next.
class HorizonCount {
 public:
  // `views` as they stood when the count was last flushed.
  void Add(const v1::Report& report, const Snapshot& views);
  void Flush(Draft* draft);

 private:
  std::optional<ReportHorizon> total_;
  OpenPeriods periods_;
  bool changed_ = false;
};

// Of the reports that exist as asked. `recorded` must have been turned into a position.
ReportHorizon ReadHorizon(const Snapshot& snapshot, const std::optional<Position>& position,
                          const std::optional<ReportedDay>& reported);

}  // namespace entente::views
