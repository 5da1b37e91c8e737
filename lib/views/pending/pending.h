// Meetings that wait: postponed, called off without word whether for good, without a date, or with
// a day that may pass without news.
#pragma once

#include <functional>
#include <string>

#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "views/rows/draft.h"
#include "views/terms/listing.h"

namespace entente::views {

void AddPendingRows(const v1::Meeting& meeting, RowMap* rows);

// Places of all meetings that are pending or lapsed on a day, and perhaps a few more: those that
// are pending whatever the day first, then those that lapse, each by place. `visit` returns false
// to stop.
void VisitPending(const Snapshot& snapshot, Day today,
                  const std::function<bool(const ListPlace&)>& visit);

}  // namespace entente::views
