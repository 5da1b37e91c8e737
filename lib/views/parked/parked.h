// Poison events: those that could not be folded, each with its error, so that none is skipped
// silently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "views/projection.h"
#include "views/rows/draft.h"

namespace entente::views {

void AddParked(const Parked& parked, Draft* draft);
// All of them, by position.
std::vector<Parked> AllParked(const Snapshot& snapshot);
// The first `limit` above `after`.
std::vector<Parked> ParkedAfter(const Snapshot& snapshot, Position after, std::size_t limit);
std::uint64_t CountParked(const Snapshot& snapshot);

}  // namespace entente::views
