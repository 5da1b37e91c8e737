#include "log/known_ids.h"

#include <numeric>

namespace entente::log {

Tail::Tail(std::uint32_t segment_events)
    : segment_events_(segment_events), active_(std::make_shared<Segment>()) {}

void Tail::Prefetch(const IdKey& key) const {
  active_->ids.Prefetch(key);
  for (const auto& segment : sealed_) segment->ids.Prefetch(key);
}

Position Tail::Find(const IdKey& key) const {
  const Position active = active_->ids.Find(key);
  if (active != Position()) return active;
  for (const auto& segment : sealed_) {
    const Position found = segment->ids.Find(key);
    if (found != Position()) return found;
  }
  return {};
}

std::shared_ptr<const Segment> Tail::EndWrite(const ChainPoint& end) {
  active_->end = end;
  if (active_->entries.size() < segment_events_) return nullptr;
  sealed_.push_back(std::move(active_));
  active_ = std::make_shared<Segment>();
  // Where one filled, the next will.
  active_->entries.reserve(segment_events_);
  active_->ids.Reserve(segment_events_);
  return sealed_.back();
}

void Tail::DropTo(Position indexed_to) {
  std::erase_if(sealed_, [&](const auto& segment) { return segment->end.position <= indexed_to; });
}

std::size_t Tail::events() const {
  return std::accumulate(
      sealed_.begin(), sealed_.end(), active_->entries.size(),
      [](std::size_t sum, const auto& segment) { return sum + segment->entries.size(); });
}

namespace {

Result<Position> FindKey(const IdKey& key, const Tail& tail, const Index& index) {
  Position position = tail.Find(key);
  if (position != Position()) return position;
  const auto status = index.FindIds(std::span(&key, 1), std::span(&position, 1));
  if (!status) return Fail(status.error());
  return position;
}

}  // namespace

Result<std::vector<IdFound>> FindIds(std::span<const std::string_view> ids, const Tail& tail,
                                     const Index& index, StoredIds& stored) {
  std::vector<IdFound> found(ids.size());
  std::vector<Position> positions(ids.size());
  std::vector<IdKey> absent_keys;
  std::vector<std::size_t> absent;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    found[i].key = index.keys().ForId(ids[i]);
    tail.Prefetch(found[i].key);
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    positions[i] = tail.Find(found[i].key);
    if (positions[i] == Position()) {
      absent.push_back(i);
      absent_keys.push_back(found[i].key);
    }
  }
  std::vector<Position> indexed(absent.size());
  if (auto status = index.FindIds(absent_keys, indexed); !status) return Fail(status.error());
  for (std::size_t i = 0; i < absent.size(); ++i) positions[absent[i]] = indexed[i];

  for (std::size_t i = 0; i < ids.size(); ++i) {
    Position position = positions[i];
    while (position != Position()) {
      auto known = stored.Compare(position, ids[i]);
      if (!known) return Fail(known.error());
      if (*known) {
        found[i].known = **known;
        break;
      }
      found[i].key = found[i].key.Next();
      const auto next = FindKey(found[i].key, tail, index);
      if (!next) return Fail(next.error());
      position = *next;
    }
  }
  return found;
}

Result<IdKey> FreeKey(IdKey key, const Tail& tail, const Index& index) {
  while (true) {
    const auto taken = FindKey(key, tail, index);
    if (!taken) return Fail(taken.error());
    if (*taken == Position()) return key;
    key = key.Next();
  }
}

}  // namespace entente::log
