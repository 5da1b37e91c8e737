// Snapshots of the views that replicas are reading, chunk by chunk.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "entente/v1/view.pb.h"
#include "values/error.h"
#include "views/view_store.h"

namespace entente::projector {

// Each reader has a snapshot of its own, so that rows of different chunks are of one position. It
// is kept for as long as the reader comes back within the lease: a snapshot keeps old rows on the
// disk. One thread; time is given, in milliseconds since any fixed moment.
class CheckpointLeases {
 public:
  using Tick = std::chrono::milliseconds;
  static constexpr std::size_t kReadersMax = 8;
  static constexpr Tick kLease{30'000};
  static constexpr std::size_t kChunkBytesMax = 8U << 20;
  static constexpr std::size_t kChunkBytesDefault = 1U << 20;

  // Distinguishes the names of this run from those of the one before.
  explicit CheckpointLeases(std::string run) : run_(std::move(run)) {}

  // The next chunk; a request without a name opens a snapshot of `store`. NOT_FOUND: begin again.
  // OVERLOADED: too many readers.
  Result<v1::ReadCheckpointReply> Read(const v1::ReadCheckpointRequest& request,
                                       const std::shared_ptr<const views::ViewStore>& store,
                                       Tick now);
  void DropExpired(Tick now);
  std::size_t readers() const { return readers_.size(); }

 private:
  struct Reader {
    std::shared_ptr<const views::ViewStore> store;  // perhaps no longer the current one
    std::unique_ptr<views::Snapshot> snapshot;
    Tick last_seen{};
  };

  std::string run_;
  std::uint64_t opened_ = 0;
  std::map<std::string, Reader> readers_;
};

}  // namespace entente::projector
