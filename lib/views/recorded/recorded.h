// From recorded time to position.
#pragma once

#include <optional>

#include "values/position.h"
#include "values/recorded_time.h"
#include "views/rows/draft.h"

namespace entente::views {

// The positions of the last time, kept from one batch to the next.
class RecordedTimes {
 public:
  // In the order of the log. `views` as they stood when the times were last flushed.
  void Add(RecordedTime time, Position position, const Snapshot& views, Draft* draft);
  void Flush(Draft* draft);

 private:
  struct Span {
    RecordedTime time;
    Position first;
    Position last;
  };
  std::optional<Span> span_;
  bool changed_ = false;
};

// First position recorded at or after a time; nullopt if there is none.
std::optional<Position> FirstRecordedFrom(const Snapshot& snapshot, RecordedTime time);
// Last position recorded at or before a time; Position() if there is none.
Position LastRecordedUntil(const Snapshot& snapshot, RecordedTime time);

}  // namespace entente::views
