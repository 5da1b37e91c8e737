// How many events a second, lately.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

namespace entente::projector {

// Over a window that moves along. Pure: time is given, since any fixed moment.
class Rate {
 public:
  using Tick = std::chrono::milliseconds;
  static constexpr Tick kWindow{10'000};
  // Buckets of this width, so that a million slices cost no more than one.
  static constexpr Tick kBucket{250};

  // That many more have happened by now.
  void Add(std::uint64_t events, Tick now);
  // Of the window that ends now, or of the time since the first event where that is less; at least
  // a second, so that the first slice is not told as millions.
  double PerSecond(Tick now) const;

 private:
  struct Bucket {
    Tick begin;
    std::uint64_t events = 0;
  };
  std::deque<Bucket> buckets_;
  bool any_ = false;
  Tick first_{};
};

}  // namespace entente::projector
