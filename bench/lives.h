// Lives of meetings: events as a log of some years would hold them, in the order they came.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "entente/v1/log.pb.h"

namespace entente::bench {

// Four events a meeting in the mean, following Zipf's law up to 10,000; 2.2 parties, every
// hundredth meeting with twenty and more; two topics. Announced, dated, put off, told again and
// held, a twentieth of the reports late, a few corrected. The same seed makes the same events.
class Lives {
 public:
  explicit Lives(std::uint64_t seed = 1);
  v1::NewEvent Next();
  // On an arena of its own, as a service parses it.
  std::shared_ptr<const v1::AppendRequest> Batch(int events);

 private:
  struct Life {
    std::uint64_t number = 0;
    std::uint32_t left = 0;
    std::uint32_t told = 0;
    int day = 0;  // of the year, on which it is to take place
    std::vector<std::string> parties;
    std::string last_id;
  };

  Life Begin();
  std::uint32_t Length();
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }
  void Say(Life& life, v1::NewEvent* event);

  std::mt19937_64 random_;
  std::vector<double> lengths_;  // up to which draw a life has at most this many events
  std::vector<Life> open_;
  std::uint64_t meetings_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace entente::bench
