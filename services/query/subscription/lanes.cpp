#include "services/query/subscription/lanes.h"

namespace entente::query {

void Lanes::Add(const Cursor& cursor, std::span<const std::string> streams, State state) {
  const Id id = LaneOf(streams);
  Lane& lane = lanes_.at(id);
  lane.changes.emplace(cursor, state);
  if (state == State::kOut) ++lane.out;
  lane_of_.emplace(cursor, id);
  Offer(&lane);
}

void Lanes::Set(const Cursor& cursor, State state) {
  Lane& lane = lanes_.at(lane_of_.at(cursor));
  State& now = lane.changes.at(cursor);
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
  if (lane.changes.at(cursor) == State::kOut) --lane.out;
  lane.changes.erase(cursor);
  Offer(&lane);
  if (!lane.changes.empty()) return;
  for (const std::string& stream : lane.streams) lane_of_stream_.erase(stream);
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
    lanes_.at(*id).streams.insert(stream);
    lane_of_stream_[stream] = *id;
  }
  return *id;
}

void Lanes::Join(Id into, Id from) {
  Lane& lane = lanes_.at(into);
  auto taken = lanes_.extract(from);
  Lane& other = taken.mapped();
  if (other.offered) ready_.erase(*other.offered);
  for (const auto& [cursor, state] : other.changes) lane_of_[cursor] = into;
  for (const std::string& stream : other.streams) lane_of_stream_[stream] = into;
  lane.changes.merge(other.changes);
  lane.streams.merge(other.streams);
  lane.out += other.out;
}

void Lanes::Offer(Lane* lane) {
  if (lane->offered) ready_.erase(*lane->offered);
  lane->offered.reset();
  if (lane->out > 0 || lane->changes.empty()) return;
  const auto& [cursor, state] = *lane->changes.begin();
  if (state != State::kReady) return;
  lane->offered = cursor;
  ready_.insert(cursor);
}

}  // namespace entente::query
