// Poison events: those that could not be folded, each with its error, so that none is skipped
// silently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
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

// Of some, at least one.
const Parked& FirstOf(const std::vector<Parked>& parked);
// POISON_EVENT, for whoever does not park it: what was being made `stays` before it.
Error PoisonError(const Parked& parked, std::string_view stays);

}  // namespace entente::views
