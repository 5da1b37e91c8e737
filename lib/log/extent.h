// How far a store's commits reach, and how far they must.
#pragma once

#include <optional>
#include <string>

#include "log/chain_point.h"
#include "log/log_store.h"
#include "values/error.h"
#include "values/recorded_time.h"

namespace entente::log {

// Somebody knew the log to be durable up to here.
struct Evidence {
  Position position;
  std::string witness;  // who: `the witness file`, `the index`, `the commit at position 7`
};

// The better known of two.
inline Evidence Further(Evidence a, Evidence b) {
  return b.position > a.position ? std::move(b) : std::move(a);
}

// What a walk along the chain found.
struct Extent {
  ChainPoint end;              // of the last whole append on the unbroken chain
  Evidence evidence;           // by all commits of the store, those behind a gap too
  RecordedTime last_recorded;  // of the commit at `end`
  std::int64_t last_wall_ms = 0;
};

// Walks from `from`, where a commit must end, to the store's head. STORE_DAMAGED where the chain
// breaks other than by a gap.
Result<Extent> FindExtent(const LogStore& store, const ChainPoint& from);

// LOG_LOST if the log should reach further than it does.
Status CheckNothingLost(const Extent& extent, const Evidence& evidence);

}  // namespace entente::log
