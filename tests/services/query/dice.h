// The chance in a simulated world: the same from the same seed, everywhere.
#pragma once

#include <cstdint>
#include <random>

namespace entente::query {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  // 0 to `most`. Not std::uniform_int_distribution, whose results are the library's choice.
  std::uint32_t Upto(std::uint32_t most) {
    return static_cast<std::uint32_t>(random_() % (std::uint64_t{most} + 1));
  }
  bool Chance(int percent) { return Upto(99) < static_cast<std::uint32_t>(percent); }

 private:
  std::mt19937_64 random_;
};

}  // namespace entente::query
