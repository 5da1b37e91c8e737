// Which worlds of a simulation a test runs through.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace entente::query {

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t last = 500;

  bool only_one() const { return first == last; }
  std::uint64_t count() const { return last - first + 1; }
};

// ENTENTE_SEED=N: that one; ENTENTE_TEST_ALL: thousands.
inline Seeds SeedsToRun() {
  if (const char* seed = std::getenv("ENTENTE_SEED")) return {std::stoull(seed), std::stoull(seed)};
  if (std::getenv("ENTENTE_TEST_ALL") != nullptr) return {1, 10'000};
  return {};
}

}  // namespace entente::query
