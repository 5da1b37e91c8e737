// Readers of the log who asked for what is not there yet.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "bus/router.h"
#include "entente/v1/log.pb.h"
#include "values/position.h"

namespace entente::ingest {

using Clock = std::chrono::steady_clock;

struct WaitingReader {
  bus::Caller caller;
  std::uint64_t correlation = 0;
  v1::ReadLogRequest request;
  Position until;  // wakes when the durable log reaches this
  Clock::time_point deadline;
};

// At most kReadersMax of them; in the order of the positions they wait for. No thread, no clock.
class WaitingReaders {
 public:
  static constexpr std::size_t kReadersMax = 1'024;

  // False: there are too many already.
  bool Add(WaitingReader reader);
  // Takes those whose position is reached.
  std::vector<WaitingReader> TakeReached(Position durable);
  // Takes those whose deadline has passed.
  std::vector<WaitingReader> TakeExpired(Clock::time_point now);
  std::vector<WaitingReader> TakeAll();
  std::optional<Clock::time_point> next_deadline() const;
  std::size_t size() const { return readers_.size(); }

 private:
  std::multimap<Position, WaitingReader> readers_;
};

}  // namespace entente::ingest
