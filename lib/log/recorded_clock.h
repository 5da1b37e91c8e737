// The log's clock: wall time as long as that can be believed, and never backwards. Pure.
//
// Wall time is compared with the time since boot, which nobody can set. If between two readings
// they differ by more than a minute, somebody set the wall clock; and if the log is opened more
// than a minute before its own last recorded time, one of the two was wrong. From then on the
// clock is *held*: recorded time goes on from the last one by the time since boot. It is *released*
// once wall time is within a minute of it again, or when the log is opened with a wall clock ahead
// of it. Both are logged.
#pragma once

#include <cstdint>
#include <optional>

#include "values/recorded_time.h"

namespace entente::log {

struct ClockReading {
  std::int64_t wall_ms = 0;  // since 1970 UTC
  std::int64_t boot_ms = 0;  // since boot, suspended time included; never set
};

class RecordedClock {
 public:
  enum class Turn : std::uint8_t { kHeld, kReleased };

  struct Stamp {
    RecordedTime recorded;
    std::int64_t wall_ms = 0;
    std::optional<Turn> turn;  // the clock was held or released with this stamp
    RecordedTime before;       // the last recorded time before this stamp
  };

  // `last` is the log's last recorded time and `last_wall_ms` what the wall clock said then; for
  // an empty log both are 0.
  RecordedClock(RecordedTime last, std::int64_t last_wall_ms, ClockReading now);

  // The recorded time of what is written now.
  Stamp Tick(ClockReading now);

  bool held() const { return held_; }
  RecordedTime last() const { return last_; }

 private:
  RecordedTime last_;
  ClockReading reading_;  // of the last stamp
  bool held_ = false;
  std::optional<Turn> unlogged_;  // a turn taken at opening
};

inline constexpr std::int64_t kClockStepMs = 60'000;

}  // namespace entente::log
