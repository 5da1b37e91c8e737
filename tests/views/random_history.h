// Invented histories with everything that makes views hard: late and contradicting reports,
// corrections and retractions before and after their targets and across streams, merges and
// splits, one statement about several meetings, subjects that are no meetings.
#pragma once

#include <cstdint>
#include <functional>
#include <random>

#include "tests/views/history.h"

namespace entente::views {

using Dice = std::mt19937_64;
// 0 <= result < n; the same on every platform.
int Below(Dice* dice, int n);

// Calls `test` with dice of `count` seeds, 1 and up, and names the seed in a failure. To run one
// seed again, or more of them: ENTENTE_SEED=17, ENTENTE_SEEDS=1000.
void ForSeeds(int count, const std::function<void(Dice*)>& test);

// About `events` events in appends of 1 to 4, some of them poison.
History RandomHistory(Dice* dice, int events);

// A filter of up to three fields over what such histories hold. Change types say nothing to
// questions that are not about changes.
v1::Filter RandomFilter(Dice* dice);

}  // namespace entente::views
