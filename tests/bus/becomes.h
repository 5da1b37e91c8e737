// Awaiting what a publisher knows of its listeners.
#pragma once

#include <chrono>
#include <thread>

#include "bus/publisher.h"

namespace entente::bus {

// Waits until the publisher has heard what the listeners did: whether anybody listens. False if
// that takes too long.
inline bool Becomes(bool heard, Publisher& publisher) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (publisher.heard() != heard) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace entente::bus
