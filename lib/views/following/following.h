// Meetings that are on and whose first day is known, by kind and sides: among them stands what may
// have come of one that did not take place when it should have.
//
// A side that nobody but rumours names makes no pair, so no list of a pair has all of them.
#pragma once

#include <optional>
#include <string>

#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "views/rows/draft.h"
#include "views/terms/listing.h"

namespace entente::views {

void AddFollowingRows(const v1::Meeting& meeting, RowMap* rows);

// What an answer says of a meeting that may be what came of another.
struct Following {
  std::string id;
  std::string date;  // EDTF
  v1::Meeting::Outcome outcome = v1::Meeting::open;
};
// The first in list order of the meetings of the same kind and sides that certainly are behind a
// day, itself left out. `meeting` has a kind.
std::optional<Following> FirstFollowing(const Snapshot& snapshot, const v1::Meeting& meeting,
                                        Day after);

}  // namespace entente::views
