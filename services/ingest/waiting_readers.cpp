#include "services/ingest/waiting_readers.h"

#include <algorithm>
#include <utility>

namespace entente::ingest {

bool WaitingReaders::Add(WaitingReader reader) {
  if (readers_.size() >= kReadersMax) return false;
  const Position until = reader.until;
  readers_.emplace(until, std::move(reader));
  return true;
}

std::vector<WaitingReader> WaitingReaders::TakeReached(Position durable) {
  std::vector<WaitingReader> reached;
  while (!readers_.empty() && readers_.begin()->first <= durable) {
    reached.push_back(std::move(readers_.begin()->second));
    readers_.erase(readers_.begin());
  }
  return reached;
}

std::vector<WaitingReader> WaitingReaders::TakeExpired(Clock::time_point now) {
  std::vector<WaitingReader> expired;
  std::erase_if(readers_, [&](auto& entry) {
    if (entry.second.deadline > now) return false;
    expired.push_back(std::move(entry.second));
    return true;
  });
  return expired;
}

std::vector<WaitingReader> WaitingReaders::TakeAll() {
  std::vector<WaitingReader> all;
  for (auto& [until, reader] : std::exchange(readers_, {})) all.push_back(std::move(reader));
  return all;
}

std::optional<Clock::time_point> WaitingReaders::next_deadline() const {
  if (readers_.empty()) return std::nullopt;
  return std::min_element(
             readers_.begin(), readers_.end(),
             [](const auto& a, const auto& b) { return a.second.deadline < b.second.deadline; })
      ->second.deadline;
}

}  // namespace entente::ingest
