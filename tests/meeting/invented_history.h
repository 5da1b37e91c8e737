// Histories nobody lived through: many reports, late, coarse, wrong and contradictory.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "entente/v1/meeting.pb.h"

namespace entente::domain {

struct HistoryShape {
  bool acts_of_ours = true;  // merges, splits, links, and corrections of our own
  bool acts = true;          // corrections and retractions at all
  bool one_stream = false;   // all on one meeting
  bool whatever = false;     // every payload there is, and every field of those above
};

// Reports on one to three ids of two to six parties; the same for the same seed.
std::vector<v1::Report> InventHistory(std::uint64_t seed, HistoryShape shape = {});

}  // namespace entente::domain
