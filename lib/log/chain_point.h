// A place in the log with the chain's hash there.
#pragma once

#include "log/digest.h"
#include "values/position.h"

namespace entente::log {

// The end of a commit: its last position, and its hash. ChainPoint() is before the first commit.
struct ChainPoint {
  Position position;
  Digest hash{};
  friend bool operator==(const ChainPoint&, const ChainPoint&) = default;
};

}  // namespace entente::log
