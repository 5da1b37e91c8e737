#include "bench/race.h"

#include <algorithm>

#include "bench/lives.h"

namespace entente::bench {
namespace {

constexpr std::uint64_t kTurn = 100'000;  // events, at most
constexpr std::uint64_t kTurns = 10;      // at least

Chunk MakeChunk(Lives& lives, std::uint64_t events, int batch) {
  Chunk chunk;
  for (std::uint64_t made = 0; made < events; made += static_cast<std::uint64_t>(batch)) {
    chunk.batches.push_back(lives.Batch(batch));
    std::vector<std::string>& bodies = chunk.bodies.emplace_back();
    for (const v1::NewEvent& event : chunk.batches.back()->events()) {
      bodies.push_back(event.SerializeAsString());
    }
  }
  return chunk;
}

}  // namespace

std::vector<double> Race(const Course& course, std::span<Contender* const> contenders) {
  Lives lives(course.events);
  std::vector<double> seconds(contenders.size());
  const std::uint64_t events_a_turn = std::clamp<std::uint64_t>(course.events / kTurns, 1, kTurn);
  std::uint64_t done = 0;
  const auto go_on = [&] {
    return done < course.events || std::ranges::min(seconds) < course.seconds;
  };
  for (std::size_t turn = 0; go_on(); ++turn) {
    const std::uint64_t left = done < course.events ? course.events - done : events_a_turn;
    const Chunk chunk = MakeChunk(lives, std::min(events_a_turn, left), course.batch);
    done += chunk.batches.size() * static_cast<std::uint64_t>(course.batch);
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const std::size_t who = (turn + i) % contenders.size();  // nobody is always first
      const auto begin = std::chrono::steady_clock::now();
      contenders[who]->Append(chunk);
      seconds[who] += SecondsSince(begin);
    }
  }
  std::vector<double> rates;
  for (const double its : seconds) rates.push_back(static_cast<double>(done) / its);
  return rates;
}

}  // namespace entente::bench
