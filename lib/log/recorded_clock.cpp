#include "log/recorded_clock.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace entente::log {

RecordedClock::RecordedClock(RecordedTime last, std::int64_t last_wall_ms, ClockReading now)
    : last_(last), reading_(now) {
  const bool was_held = std::abs(last.value() - last_wall_ms) > kClockStepMs;
  held_ = now.wall_ms < last.value() - kClockStepMs;
  if (held_ && !was_held) unlogged_ = Turn::kHeld;
  if (!held_ && was_held) unlogged_ = Turn::kReleased;
}

RecordedClock::Stamp RecordedClock::Tick(ClockReading now) {
  Stamp stamp;
  stamp.wall_ms = now.wall_ms;
  stamp.before = last_;
  stamp.turn = std::exchange(unlogged_, std::nullopt);

  const std::int64_t elapsed = std::max<std::int64_t>(now.boot_ms - reading_.boot_ms, 0);
  const std::int64_t step = (now.wall_ms - reading_.wall_ms) - elapsed;
  if (!held_ && std::abs(step) > kClockStepMs) {
    held_ = true;
    stamp.turn = Turn::kHeld;
  }
  if (held_) {
    const RecordedTime own = last_.Plus(elapsed);
    if (std::abs(now.wall_ms - own.value()) <= kClockStepMs) {
      held_ = false;
      stamp.turn = stamp.turn == Turn::kHeld ? std::nullopt : std::optional(Turn::kReleased);
    } else {
      last_ = own;
    }
  }
  if (!held_) last_ = std::max(last_, RecordedTime(now.wall_ms));
  reading_ = now;
  stamp.recorded = last_;
  return stamp;
}

}  // namespace entente::log
