// The newest deltas, kept for replicas that follow closely.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "log/log.h"

namespace entente::projector {

// A serialised ViewDelta, shared with the messages that carry it.
using DeltaBytes = std::shared_ptr<const std::string>;

// A chain of deltas without gaps that ends at the projector's checkpoint:
//
//     start ──delta──▶ ● ──delta──▶ ● ──delta──▶ head
//
// Bounded in bytes: the oldest go first. A replica that stands below `start` is served from the
// disk, see delta_files.h. One thread.
class DeltaRing {
 public:
  DeltaRing(const log::ChainPoint& head, std::size_t bytes_max);

  // What led to `head` is not here.
  void Skip(const log::ChainPoint& head);
  // From head() to `to`. One larger than the bound is skipped.
  void Add(const log::ChainPoint& to, DeltaBytes delta);
  const log::ChainPoint& head() const { return head_; }

  enum class Found {
    kDeltas,
    kNothingYet,  // the replica is at the head, or above it (we were killed and lost the tail)
    kBehind,      // it is not here
    kDiverged,    // the replica's rows are of another log
  };
  struct Reading {
    Found found = Found::kNothingYet;
    std::vector<DeltaBytes> deltas;
  };
  // Deltas that bring a replica on from `at`, up to max_bytes, at least one.
  Reading ReadAfter(const log::ChainPoint& at, std::size_t max_bytes) const;

 private:
  struct Link {
    log::ChainPoint from;
    log::ChainPoint to;
    DeltaBytes delta;
  };

  log::ChainPoint head_;
  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::deque<Link> links_;  // to of one is from of the next
};

}  // namespace entente::projector
