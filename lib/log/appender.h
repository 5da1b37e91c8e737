// Decides appends one after the other, gathers them in a group, and writes the group as commits.
//
//     Admit, Admit, … -> group -> WriteGroup -> written (not yet durable)
//
// Holds all that a decision needs: the chain's head, ids, revisions, the clock. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "entente/v1/log.pb.h"
#include "log/chain_point.h"
#include "log/commit_builder.h"
#include "log/known_ids.h"
#include "log/log.h"
#include "log/reader.h"
#include "log/recorded_clock.h"

namespace entente::log {

// An outcome that may be told once `needs` is durable.
struct WaitingOutcome {
  AppendOutcome outcome;
  Position needs;
  bool stores = false;      // has new events, and so a recorded time once they are written
  std::uint64_t bytes = 0;  // of the request, for the bound on what is pending
};

// What a group became.
struct WrittenGroup {
  ChainPoint end;
  std::uint64_t bytes = 0;
  std::vector<WaitingOutcome> outcomes;
  std::shared_ptr<const Segment> sealed;  // to be handed to the index once durable; may be null
};

// Where recovery found the log to end.
struct AppendState {
  ChainPoint head;
  RecordedTime last_recorded;
  std::int64_t last_wall_ms = 0;  // what the wall clock said then
  RevisionTable revisions;
  Tail tail;
};

class Appender {
 public:
  Appender(LogStore& store, const Index& index, const LogOptions& options, AppendState state);

  // Takes a batch without faults of form into the group; `bytes` counts towards what is pending.
  // An error is one of the machine (STORE_IO …), after which nothing more may be appended; what the
  // batch is refused for is in its outcome.
  Status Admit(std::uint64_t token, std::uint64_t bytes,
               std::shared_ptr<const PreparedBatch> batch);

  bool empty() const { return waiting_.empty(); }
  std::uint64_t group_bytes() const { return group_bytes_; }
  bool full() const;
  // Writes and clears the group. After an error nothing more may be appended; TakeUnwritten tells
  // those who wait.
  Result<WrittenGroup> WriteGroup(Position durable_through);
  std::vector<WaitingOutcome> TakeUnwritten();

  // Drops what the index has taken over.
  void DropTo(Position indexed_to) { state_.tail.DropTo(indexed_to); }
  std::size_t tail_events() const { return state_.tail.events(); }
  RecordedTime last_recorded() const { return clock_.last(); }
  // The wall clock was set, and recorded time goes on without it.
  bool clock_held() const { return clock_.held(); }

 private:
  // Compares with what is in the group or in the store.
  class Stored final : public StoredIds {
   public:
    explicit Stored(Appender& owner) : owner_(owner), finder_(owner.store_) {}
    Result<std::optional<KnownEvent>> Compare(Position position, std::string_view id) override;

   private:
    Appender& owner_;
    EventFinder finder_;
  };

  Position next_position() const;
  ClockReading ReadClocks() const;
  Status Take(std::shared_ptr<const PreparedBatch> taken, WaitingOutcome& waiting);
  Status AddToGroup(const PreparedBatch& batch, const Decision& decision,
                    const std::vector<IdFound>& ids, std::vector<AppendedEvent>& appended);
  std::vector<StoredCommit> EncodeGroup(RecordedTime recorded, std::int64_t wall_ms,
                                        Position durable_through);

  LogStore& store_;
  const Index& index_;
  const LogOptions options_;
  AppendState state_;
  RecordedClock clock_;
  Sha256 sha_;
  Stored stored_;

  // The group: batches own the bytes that events point into.
  std::vector<std::shared_ptr<const PreparedBatch>> batches_;
  std::vector<AdmittedEvent> events_;
  std::vector<std::size_t> append_ends_;  // indexes into events_, ascending
  std::vector<WaitingOutcome> waiting_;
  std::uint64_t group_bytes_ = 0;
};

}  // namespace entente::log
