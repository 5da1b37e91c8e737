#include "services/projector/delta_ring.h"

#include <algorithm>
#include <utility>

namespace entente::projector {

DeltaRing::DeltaRing(const log::ChainPoint& head, std::size_t bytes_max)
    : head_(head), bytes_max_(bytes_max) {}

void DeltaRing::Skip(const log::ChainPoint& head) {
  head_ = head;
  links_.clear();
  bytes_ = 0;
}

void DeltaRing::Add(const log::ChainPoint& to, DeltaBytes delta) {
  if (delta->size() > bytes_max_) return Skip(to);
  bytes_ += delta->size();
  links_.push_back({head_, to, std::move(delta)});
  head_ = to;
  while (bytes_ > bytes_max_) {
    bytes_ -= links_.front().delta->size();
    links_.pop_front();
  }
}

DeltaRing::Reading DeltaRing::ReadAfter(const log::ChainPoint& at, std::size_t max_bytes) const {
  if (at.position > head_.position) return {Found::kNothingYet, {}};
  if (at.position == head_.position) {
    return {at.hash == head_.hash ? Found::kNothingYet : Found::kDiverged, {}};
  }
  // The first link that ends above `at`; the one that may begin below it, after a kill.
  auto link = std::partition_point(links_.begin(), links_.end(),
                                   [&](const Link& one) { return one.to.position <= at.position; });
  if (link == links_.end() || link->from.position > at.position) return {Found::kBehind, {}};
  if (link->from.position == at.position && link->from.hash != at.hash) {
    return {Found::kDiverged, {}};
  }
  Reading reading{Found::kDeltas, {}};
  std::size_t bytes = 0;
  for (; link != links_.end(); ++link) {
    bytes += link->delta->size();
    if (!reading.deltas.empty() && bytes > max_bytes) break;
    reading.deltas.push_back(link->delta);
  }
  return reading;
}

}  // namespace entente::projector
