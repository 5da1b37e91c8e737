// What replicas ask the projector for: deltas as they come, older ones from the disk, and
// checkpoints to begin from.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>

#include "bus/loop.h"
#include "bus/router.h"
#include "entente/v1/view.pb.h"
#include "services/projector/checkpoint_leases.h"
#include "services/projector/delta_files.h"
#include "services/projector/delta_ring.h"
#include "views/view_store.h"

namespace entente::projector {

// A request for deltas waits here until there are some; nobody polls. On a loop.
class Replicas {
 public:
  static constexpr std::size_t kWaitingMax = 1'000;
  static constexpr std::size_t kRingBytes = 64U << 20;

  // `loop` and the router must outlive it. `deltas` is where older ones are kept, a directory for
  // each generation, once a replica has asked for any.
  Replicas(bus::Loop& loop, std::filesystem::path deltas);
  ~Replicas();
  void AnswerThrough(bus::Router& router) { router_ = &router; }

  // From now on these are the views, before anything is asked; again when another generation has
  // taken over. Replicas of the one before are told so, and read a checkpoint of this one.
  void Serve(std::shared_ptr<const views::ViewStore> store);

  void OnReadDeltas(const bus::Caller& caller, const bus::Message& message);
  void OnReadCheckpoint(const bus::Caller& caller, const bus::Message& message);
  // The rows of a delta are about to be written to the store.
  void BeforeWrite(const views::RowDelta& delta);
  // They are: whoever waits gets the delta.
  void OnDelta(const views::RowDelta& delta);
  // STOPPING to all that wait.
  void Stop();

 private:
  struct Waiting {
    bus::Caller caller;
    std::uint64_t correlation = 0;
    v1::ReadDeltasRequest request;
    bus::Loop::TimerId deadline = 0;
  };

  // Answers if there is anything to say yet; with `at_deadline`, in any case.
  bool Answer(const Waiting& waiting, bool at_deadline);
  bool AnswerWithRows(const Waiting& waiting, v1::ReadDeltasReply head, bool at_deadline);
  // Of generations before.
  void RemoveOtherDeltas() const;
  void AnswerWaiting();
  void Send(const Waiting& waiting, const v1::ReadDeltasReply& head,
            const std::vector<DeltaBytes>& deltas);

  bus::Loop& loop_;
  const std::filesystem::path deltas_;
  std::shared_ptr<const views::ViewStore> store_;
  bus::Router* router_ = nullptr;
  std::optional<DeltaRing> ring_;
  std::optional<DeltaFiles> files_;
  DeltaBytes coming_;  // between BeforeWrite and OnDelta; null: nobody wants it
  CheckpointLeases leases_;
  bus::Loop::TimerId drop_expired_;
  std::list<Waiting> waiting_;
};

}  // namespace entente::projector
