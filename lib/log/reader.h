// Reads what is stored: by position, by time, one stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/event.pb.h"
#include "log/commit.h"
#include "log/index.h"
#include "log/log.h"
#include "log/log_store.h"
#include "values/error.h"

namespace entente::log {

// Keeps the commit read last, for those who ask for neighbours. One thread.
class EventFinder {
 public:
  explicit EventFinder(const LogStore& store) : store_(store) {}
  // The event at a position that is written; the view is good until the next call. INTERNAL if
  // there is none.
  Result<EventView> At(Position position);

 private:
  const LogStore& store_;
  std::string bytes_;
  CommitView commit_;
};

// The chain's hash at the end of the commit that ends at `position`; NOT_FOUND if none does.
Result<Digest> HashAt(const LogStore& store, Position position, Position durable);

// Last position recorded at or before `time`, up to `durable`; Position() if none.
Result<Position> PositionAtTime(const LogStore& store, RecordedTime time, Position durable);

// Events of one stream from a position on up to `durable`, until `max_bytes` are exceeded. What
// the index does not reach yet is found by walking the commits behind it.
Result<std::vector<v1::RecordedEvent>> ReadStream(const LogStore& store, const Index& index,
                                                  std::string_view stream, Position from,
                                                  Position durable, std::uint64_t max_bytes,
                                                  Position* next);

// Commits from the one that holds `from` on, none behind `durable`; as Log::Read.
Result<CommitRange> ReadRange(const LogStore& store, Position from, Position durable,
                              std::uint64_t max_bytes);

}  // namespace entente::log
