// Emptying the bodies of a commit. docs/format.md says what is left of one.
#pragma once

#include <span>
#include <string>

#include "log/commit.h"
#include "values/position.h"

namespace entente::log {

// The commit's bytes with the bodies of these of its events replaced by zeros, but for the
// characters of stream and id, and with a checksum to match. Header, table and hash are as before.
// Positions that are not in the commit are passed over.
std::string WithEmptyBodies(const CommitView& commit, std::span<const Position> positions);

// Nothing is in the body but stream and id. An event that says it is erased and is not empty was
// tampered with.
bool IsEmpty(const EventView& event);

}  // namespace entente::log
