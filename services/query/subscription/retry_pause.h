// How long to wait before a socket that took nothing is tried again: twice as long after each time.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace entente::query {

class RetryPause {
 public:
  static constexpr std::chrono::milliseconds kFirst{10};
  static constexpr std::chrono::milliseconds kMost{320};

  // It took nothing.
  std::chrono::milliseconds Take() { return std::exchange(next_, std::min(2 * next_, kMost)); }
  // It took something, or its reader says that it reads.
  void Reset() { next_ = kFirst; }

 private:
  std::chrono::milliseconds next_ = kFirst;
};

}  // namespace entente::query
