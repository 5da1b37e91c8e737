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

void AddPendingRows(const v1::Meeting& meeting, const ListedTerms& listed, RowMap* rows);

// Places of the meetings that are pending on a day, in list order, behind `after` (nullptr: from
// the first): those that wait, or those whose day has passed. `visit` returns false to stop.
enum class Waits { kStill, kLapsed };
void VisitPending(const Snapshot& snapshot, Day today, Waits waits, const ListPlace* after,
                  const std::function<bool(const ListPlace&)>& visit);

}  // namespace entente::views
