#include "services/projector/rate.h"

#include <algorithm>

namespace entente::projector {

void Rate::Add(std::uint64_t events, Tick now) {
  if (!any_) first_ = now;
  any_ = true;
  if (buckets_.empty() || now - buckets_.back().begin >= kBucket) {
    buckets_.push_back({.begin = now});
  }
  buckets_.back().events += events;
  while (now - buckets_.front().begin > kWindow) buckets_.pop_front();
}

double Rate::PerSecond(Tick now) const {
  std::uint64_t events = 0;
  for (const Bucket& bucket : buckets_) {
    if (now - bucket.begin <= kWindow) events += bucket.events;
  }
  const Tick span = std::clamp(now - first_, Tick(1'000), kWindow);
  return static_cast<double>(events) * 1'000 / static_cast<double>(span.count());
}

}  // namespace entente::projector
