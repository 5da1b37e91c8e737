// Two or more append the same bytes, turn by turn, so that whatever else the machine does at the
// time meets all of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "entente/v1/log.pb.h"

namespace entente::bench {

// Some batches, as our clients hold them and as stored bytes, one string an event.
struct Chunk {
  std::vector<std::shared_ptr<const v1::AppendRequest>> batches;
  std::vector<std::vector<std::string>> bodies;
};

class Contender {
 public:
  virtual ~Contender() = default;
  // Returns once all of the chunk is acknowledged and no work is left behind that would pile up.
  virtual void Append(const Chunk& chunk) = 0;
};

struct Course {
  std::uint64_t events = 0;
  int batch = 1;  // events in one
  double seconds =
      0;  // each contender appends for at least so long, however many events that takes
};

// Events a second of each contender. The events are made before each turn, outside of the time.
std::vector<double> Race(const Course& course, std::span<Contender* const> contenders);

inline double SecondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace entente::bench
