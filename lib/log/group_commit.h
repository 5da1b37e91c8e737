// The threads between an append and its outcome:
//
//     Append: make ready -> accepted_ -> [writer: decide, write] -> written_
//                                                       [syncer: sync] -> outcomes_
//
// and a third, the Indexer's, behind. They share what mutex_ guards, and nothing else.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "log/appender.h"
#include "log/indexer.h"
#include "log/listener.h"
#include "log/log.h"
#include "log/log_store.h"
#include "log/witness.h"

namespace entente::log {

// The methods are those of Log.
class GroupCommit {
 public:
  // Store and index must outlive it; the options' clocks are set.
  GroupCommit(LogStore& store, Index& index, Position indexed_to, Witness witness,
              const LogOptions& options, AppendState state);
  // Waits for what was accepted.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  void Append(std::uint64_t token, const v1::AppendRequest& batch);
  void OnOutcome(std::function<void()> notify) { on_outcome_.Set(std::move(notify)); }
  std::vector<AppendOutcome> TakeOutcomes();
  void OnDurable(std::function<void(Position)> notify) { on_durable_.Set(std::move(notify)); }
  ChainPoint durable() const;
  // Without what was noted at opening.
  LogStatus status() const;

 private:
  struct Accepted {
    std::uint64_t token = 0;
    std::uint64_t bytes = 0;
    std::shared_ptr<const PreparedBatch> batch;
  };

  // What was written and not yet known to be synced.
  struct Written {
    ChainPoint end;
    std::uint64_t bytes = 0;
    std::shared_ptr<const Segment> sealed;
  };

  // Room among what is pending; false: there is none.
  bool Reserve(std::uint64_t bytes);
  void Free(std::uint64_t bytes);
  void Refuse(std::uint64_t token, Errors errors);
  // Decides what was accepted at once; writes what was decided when the disk has nothing else to
  // do, or when there is enough of it to be worth a commit beside the sync that runs.
  void RunWriter();
  bool Done() const { return stopping_ && accepted_.empty() && appender_.empty(); }
  bool MustAbandon() const { return !read_only_.empty() && !appender_.empty(); }
  bool MayAdmit() const { return !accepted_.empty() && !appender_.full() && !IndexIsBehind(); }
  bool MayWrite() const;
  bool TailIsFull() const { return appender_.tail_events() >= options_.tail_events_max; }
  bool IndexIsBehind() const { return read_only_.empty() && TailIsFull() && !indexer_.error(); }
  void AdmitNext(std::unique_lock<std::mutex>& lock);
  void WriteGroup(std::unique_lock<std::mutex>& lock);
  void RunSyncer();
  // An append that comes alone is synced by the thread that wrote it: to wake another costs a good
  // part of a sync. Where more is under way, that one writes while the other syncs.
  bool NobodyElseWaits() const;
  void SyncWritten(std::unique_lock<std::mutex>& lock);
  void Advance(Position synced, std::unique_lock<std::mutex>& lock);
  // After a failed write or sync nothing is known about what the disk holds until it is read
  // again, so there is no way back short of opening the log anew.
  void BecomeReadOnly(const Error& error, std::unique_lock<std::mutex>& lock);
  // Tells those whose events will not be stored.
  void Abandon(std::vector<WaitingOutcome> outcomes, std::unique_lock<std::mutex>& lock);
  // Moves to outcomes_ what may be told now, and tells that there is something.
  void Release(std::unique_lock<std::mutex>& lock);

  // Enough bytes to write a commit while the one before is being synced.
  static constexpr std::uint64_t kWorthWriting = 256 << 10;

  const LogOptions options_;
  const Witness witness_;
  LogStore& store_;

  mutable std::mutex mutex_;
  std::condition_variable to_write_;
  std::condition_variable to_sync_;
  std::deque<Accepted> accepted_;
  std::deque<Written> written_;
  std::deque<WaitingOutcome> waiting_;
  std::vector<AppendOutcome> outcomes_;
  Listener<> on_outcome_;
  Listener<Position> on_durable_;
  ChainPoint durable_;
  RecordedTime last_recorded_;
  Position head_;  // written, perhaps not durable
  std::uint64_t pending_bytes_ = 0;
  std::uint64_t unsynced_bytes_ = 0;
  std::string read_only_;  // why; empty: it is not
  bool clock_held_ = false;
  bool waits_for_index_ = false;
  bool stopping_ = false;
  bool syncing_ = false;  // one thread syncs, or tells what came of it, perhaps without the mutex
  bool writer_done_ = false;

  Sha256 callers_sha_;  // of the thread that appends

  // The writer's own. Its predicates look at it with the mutex held, which nobody else does.
  Appender appender_;
  Indexer indexer_;
  std::thread writer_;
  std::thread syncer_;
};

}  // namespace entente::log
