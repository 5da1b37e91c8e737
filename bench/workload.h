// Events to measure with: like those of a real history in size and in how they spread.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "entente/v1/log.pb.h"

namespace entente::bench {

// About four events a meeting, the number of each meeting's following Zipf's law up to 10,000; all
// ids new. The same seed makes the same events.
class Workload {
 public:
  explicit Workload(std::uint64_t seed = 1);
  v1::NewEvent Next();
  // On an arena of its own, as a service parses it.
  std::shared_ptr<const v1::AppendRequest> Batch(int events);

 private:
  std::mt19937_64 random_;
  std::uint64_t count_ = 0;
  std::uint64_t meeting_ = 0;
  std::vector<std::uint64_t> open_;  // meetings that will get more events
};

}  // namespace entente::bench
