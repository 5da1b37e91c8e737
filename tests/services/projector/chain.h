// A chain of deltas that are mere letters.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "services/projector/delta_ring.h"

namespace entente::projector {

// The chain's hash is made of the position, or of another log.
inline log::ChainPoint Point(std::uint64_t position, std::uint8_t log = 1) {
  log::ChainPoint point{.position = Position(position), .hash = {}};
  if (position > 0) point.hash = {log, static_cast<std::uint8_t>(position)};
  return point;
}

inline DeltaBytes Delta(std::string letters) {
  return std::make_shared<const std::string>(std::move(letters));
}

inline std::string Show(const DeltaRing::Reading& reading) {
  switch (reading.found) {
    case DeltaRing::Found::kNothingYet:
      return "nothing yet";
    case DeltaRing::Found::kBehind:
      return "behind";
    case DeltaRing::Found::kDiverged:
      return "diverged";
    case DeltaRing::Found::kDeltas:
      break;
  }
  std::string text;
  for (const DeltaBytes& delta : reading.deltas) text += (text.empty() ? "" : " ") + *delta;
  return text;
}

}  // namespace entente::projector
