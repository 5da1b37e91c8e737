// Awaiting a condition on a loop.
#pragma once

#include <chrono>
#include <functional>

#include "bus/loop.h"

namespace entente::bus {

// Runs the loop until `done`, which is looked at every 2 ms and not again once it was true; false
// if that takes longer than `patience`.
inline bool RunUntil(Loop& loop, const std::function<bool()>& done,
                     std::chrono::seconds patience = std::chrono::seconds(20)) {
  bool reached = done();
  if (reached) return true;
  const auto check = loop.Every(std::chrono::milliseconds(2), [&] {
    reached = done();
    if (reached) loop.Stop();
  });
  const auto give_up = loop.After(patience, [&] { loop.Stop(); });
  loop.Run();
  loop.Cancel(check);
  loop.Cancel(give_up);
  return reached;
}

}  // namespace entente::bus
