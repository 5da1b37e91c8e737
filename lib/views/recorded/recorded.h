// From recorded time to position.
#pragma once

#include <optional>

#include "values/position.h"
#include "values/recorded_time.h"
#include "views/rows/draft.h"

namespace entente::views {

void AddRecorded(RecordedTime time, Position position, Draft* draft);

// First position recorded at or after a time; nullopt if there is none.
std::optional<Position> FirstRecordedFrom(const Snapshot& snapshot, RecordedTime time);
// Last position recorded at or before a time; Position() if there is none.
Position LastRecordedUntil(const Snapshot& snapshot, RecordedTime time);

}  // namespace entente::views
