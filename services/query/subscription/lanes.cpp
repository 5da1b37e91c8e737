#include "services/query/subscription/lanes.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace entente::query {

Lanes::Changes::iterator Lanes::Find(Changes& changes, const Cursor& cursor) {
  return std::lower_bound(changes.begin(), changes.end(), cursor,
                          [](const auto& one, const Cursor& at) { return one.first < at; });
}

void Lanes::Add(const Cursor& cursor, std::span<const std::string> streams, State state) {
  const Id id = LaneOf(streams);
  Lane& lane = lanes_.at(id);
  Withdraw(&lane);
  lane.changes.insert(Find(lane.changes, cursor), {cursor, state});
  if (state == State::kOut) ++lane.out;
  lane_of_.emplace(cursor, id);
  Offer(&lane);
}

void Lanes::Set(const Cursor& cursor, State state) {
  Lane& lane = lanes_.at(lane_of_.at(cursor));
  Withdraw(&lane);
  State& now = Find(lane.changes, cursor)->second;
  if (now == State::kOut) --lane.out;
  if (state == State::kOut) ++lane.out;
  now = state;
  Offer(&lane);
}

void Lanes::Remove(const Cursor& cursor) {
  const auto place = lane_of_.find(cursor);
  const Id id = place->second;
  lane_of_.erase(place);
  Lane& lane = lanes_.at(id);
  Withdraw(&lane);
  const auto change = Find(lane.changes, cursor);
  if (change->second == State::kOut) --lane.out;
  lane.changes.erase(change);
  Offer(&lane);
  if (!lane.changes.empty()) return;
  for (const std::string* const stream : lane.streams) lane_of_stream_.erase(*stream);
  lanes_.erase(id);
}

std::optional<Cursor> Lanes::FirstReady() const {
  if (ready_.empty()) return std::nullopt;
  return *ready_.begin();
}

Lanes::Id Lanes::LaneOf(std::span<const std::string> streams) {
  std::optional<Id> id;
  for (const std::string& stream : streams) {
    const auto known = lane_of_stream_.find(stream);
    if (known == lane_of_stream_.end()) continue;
    if (!id) {
      id = known->second;
    } else if (*id != known->second) {
      Join(*id, known->second);
    }
  }
  if (!id) {
    id = ++last_id_;
    lanes_.try_emplace(*id);
  }
  for (const std::string& stream : streams) {
    const auto [place, is_new] = lane_of_stream_.emplace(stream, *id);
    if (is_new) lanes_.at(*id).streams.push_back(&place->first);
  }
  return *id;
}

void Lanes::Join(Id into, Id from) {
  Lane& lane = lanes_.at(into);
  auto taken = lanes_.extract(from);
  Lane& other = taken.mapped();
  Withdraw(&lane);
  Withdraw(&other);
  for (const auto& [cursor, state] : other.changes) lane_of_[cursor] = into;
  for (const std::string* const stream : other.streams) lane_of_stream_[*stream] = into;
  const auto middle = static_cast<std::ptrdiff_t>(lane.changes.size());
  lane.changes.insert(lane.changes.end(), other.changes.begin(), other.changes.end());
  std::inplace_merge(lane.changes.begin(), lane.changes.begin() + middle, lane.changes.end());
  lane.streams.insert(lane.streams.end(), other.streams.begin(), other.streams.end());
  lane.out += other.out;
}

void Lanes::Withdraw(Lane* lane) {
  if (!std::exchange(lane->offered, false)) return;
  ready_.erase(lane->changes.front().first);
}

void Lanes::Offer(Lane* lane) {
  if (lane->out > 0 || lane->changes.empty()) return;
  const auto& [cursor, state] = lane->changes.front();
  if (state != State::kReady) return;
  lane->offered = true;
  ready_.insert(cursor);
}

}  // namespace entente::query
