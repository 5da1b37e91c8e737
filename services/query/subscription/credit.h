// How many changes a reader is ready to take.
#pragma once

#include <algorithm>
#include <cstdint>

namespace entente::query {

// Counts down with each change the socket took, up with each grant. A slow reader stands at 0 and
// costs a cursor, not a queue.
class Credit {
 public:
  static constexpr std::uint32_t kDefault = 100;
  static constexpr std::uint32_t kMax = 10'000;  // grants beyond are cut here

  explicit Credit(std::uint32_t first) : left_(std::min(first == 0 ? kDefault : first, kMax)) {}

  void Grant(std::uint32_t more) { left_ += std::min(more, kMax - left_); }
  void Spend() { --left_; }
  std::uint32_t left() const { return left_; }

 private:
  std::uint32_t left_;
};

}  // namespace entente::query
