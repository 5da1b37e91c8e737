// The log: the one place where events are kept, and the one thing everything else is derived from.
//
//     Append -> decide (ids, revisions) -> commit -> write -> sync -> durable -> outcome
//
// Accepted, written and synced are three different things; an outcome is only ever given for what
// is synced, and readers see nothing above the durable position.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/event/upcast.h"
#include "entente/v1/log.pb.h"
#include "log/chain_point.h"
#include "log/commit.h"
#include "values/error.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace rocksdb {
class Env;
}

namespace entente::log {

struct PreparedBatch;

struct LogOptions {
  // What is written in one piece is cut into commits of about this size.
  std::uint64_t commit_bytes_max = 128 << 10;
  std::uint32_t commit_events_max = 10'000;
  // Accepted and not yet answered; appends beyond are refused with OVERLOADED.
  std::uint64_t pending_bytes_max = 64ULL << 20;
  // Written and not yet synced; beyond, the writer waits for the disk.
  std::uint64_t unsynced_bytes_max = 16ULL << 20;
  // Newest events are looked up in memory, in segments of this many, until the index has them.
  std::uint32_t segment_events = 64 << 10;
  // So many of them at most, and those of one batch; beyond, the writer waits for the index. It
  // bounds memory, and what opening has to read again after a crash. Less than a segment is read
  // as one.
  std::uint32_t tail_events_max = 256 << 10;
  // Milliseconds since 1970 UTC. Tests pass their own.
  std::function<std::int64_t()> wall_clock;
  // Milliseconds since boot, suspended time included (CLOCK_BOOTTIME).
  std::function<std::int64_t()> boot_clock;
  // They say in which version payloads are written. Tests pass their own; must outlive the log.
  const domain::Upcasters* upcasters = &domain::Upcasters::BuiltIn();
  // Tests pass file systems that fail or forget; must outlive the log.
  rocksdb::Env* env = nullptr;
};

// Where an event of a batch is kept.
struct AppendedEvent {
  Position position;  // Position() on a dry run, unless it is a duplicate
  Revision revision;
  bool duplicate = false;
};

// What became of one batch.
struct AppendOutcome {
  std::uint64_t token = 0;                     // as given to Append
  Errors errors;                               // not empty: nothing of the batch was stored
  std::vector<AppendedEvent> events;           // one for each event sent, in its order
  std::optional<RecordedTime> recorded;        // of what was stored now
  Position durable;                            // head of the durable log
  std::shared_ptr<const PreparedBatch> batch;  // has the ids
};

// An outcome without errors as clients read it. A reply that is used again and again keeps its
// memory.
void ToReply(const AppendOutcome& outcome, v1::AppendReply* reply);

// Commits as stored, in order.
struct CommitRange {
  std::vector<std::string> commits;
  Position durable;  // head of the durable log when read
  Position next;     // to ask for next
};

struct LogStatus {
  ChainPoint durable;
  RecordedTime last_recorded;
  bool read_only = false;
  std::uint64_t index_backlog = 0;
  std::uint64_t reread = 0;  // events read again when it was opened, to rebuild the index's tail
  std::vector<std::string> notes;  // what is not as it should be, in sentences
};

class Log {
 public:
  // Opens or creates the log in a directory, alone: STORE_BUSY names who holds it. Verifies the
  // tail, rebuilds the indexes' tail, and refuses rather than serve a log that lost acknowledged
  // events (LOG_LOST, STORE_DAMAGED, STORE_FORMAT).
  static Result<std::unique_ptr<Log>> Open(const std::filesystem::path& directory,
                                           LogOptions options);
  // Waits for what was accepted, then closes. Outcomes not taken are dropped.
  virtual ~Log() = default;

  // Queues a batch whose events passed domain::CheckEvent. The outcome follows under `token`, in
  // the order of the calls for those that succeed; on_outcome (see below) says when. Called by
  // one thread only. Serialises and hashes the events before it returns, so that the writer's
  // thread need not; the batch is not looked at afterwards.
  virtual void Append(std::uint64_t token, const v1::AppendRequest& batch) = 0;
  // Called from a thread of the log's whenever TakeOutcomes would give something; must not block.
  // Once OnOutcome or OnDurable has returned, the function given before is called no more.
  virtual void OnOutcome(std::function<void()> notify) = 0;
  // Takes all outcomes there are. By the thread that appends.
  virtual std::vector<AppendOutcome> TakeOutcomes() = 0;

  // Called from a thread of the log's whenever the durable position advanced; must not block.
  virtual void OnDurable(std::function<void(Position)> notify) = 0;

  // The following may be called by any thread.
  virtual ChainPoint durable() const = 0;
  virtual LogStatus status() const = 0;
  // Commits from the one that holds `from` on, until `max_bytes` are exceeded; at least one if
  // there is one.
  virtual Result<CommitRange> Read(Position from, std::uint64_t max_bytes) const = 0;
  // Events of one stream from a position on.
  virtual Result<std::vector<v1::RecordedEvent>> ReadStream(std::string_view stream, Position from,
                                                            std::uint64_t max_bytes,
                                                            Position* next) const = 0;
  // The chain's hash at the end of the commit that ends at `position`; NOT_FOUND if none does.
  virtual Result<Digest> HashAt(Position position) const = 0;
  // Last position recorded at or before a time; Position() if none. STORE_DAMAGED, STORE_IO.
  virtual Result<Position> AtTime(RecordedTime time) const = 0;
};

// An event as people and other systems read it.
v1::RecordedEvent ToRecordedEvent(const EventView& event);

}  // namespace entente::log
