// Meetings that are on and dated, by kind and sides: among them stands what may have come of one
// that did not take place when it should have.
//
// A side that nobody but rumours names makes no pair, so no list of a pair has all of them.
#pragma once

#include <functional>

#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "views/rows/draft.h"
#include "views/terms/listing.h"

namespace entente::views {

void AddFollowingRows(const v1::Meeting& meeting, RowMap* rows);

// Places of the meetings of the same kind and sides that certainly are behind a day, itself left
// out, in list order; `visit` returns false to stop. `meeting` has a kind.
void VisitFollowing(const Snapshot& snapshot, const v1::Meeting& meeting, Day after,
                    const std::function<bool(const ListPlace&)>& visit);

}  // namespace entente::views
