// A generation from position 0 to the head of the log, by the short way.
#pragma once

#include <cstddef>
#include <deque>
#include <future>
#include <memory>
#include <optional>
#include <span>

#include "log/commit.h"
#include "values/error.h"
#include "views/projection_rules.h"
#include "views/view_store.h"

namespace entente::views {

// While nobody reads a store, it is gathered up to the head, then folded, and is whole from then on
// (Stage). One that was begun is gone on with where it stood; a store that is whole beyond position
// 0, or that is read while it grows, is projected as every other.
//
// One thread calls, and is the store's writer; as long as the store is not whole, another one
// writes each part beside the making of the next.
class Growing {
 public:
  enum class Read { kWhileItGrows, kOnceItIsWhole };
  // Of the log, to be taken at a time while nobody reads the store: what is gathered is left in the
  // pieces it came in until all is there, and the fewer they are the sooner something is found in
  // them. But it takes a second or two until it can be stopped, and some five times as many bytes
  // of memory (project_bench --read-bytes).
  static constexpr std::size_t kBatchBytes = 16U << 20;
  // `store` is of the rules' version, and must outlive it.
  Growing(const ProjectionRules& rules, ViewStore& store, Read read);
  // Waits until what is being written is in the store.
  ~Growing();

  // As far as the log was taken in: beyond the store while a batch is being written.
  log::ChainPoint taken() const;
  // Commits up to there are gathered and not folded: Fold, once none is to be taken before.
  bool ToBeFolded() const {
    return pending_ || !unwritten_.empty() || store_.stage() != Stage::kWhole;
  }
  // It was folded in part: no commit is taken before it is whole.
  bool BeingFolded() const {
    return store_.stage() == Stage::kFolding || !unwritten_.empty() ||
           (pending_ && pending_->delta->stage == Stage::kFolding);
  }

  // The rows of these commits, which follow `taken`; the store is not being folded.
  Result<Projected> Take(std::span<const log::CommitView> commits);
  // Writes them; while it gathers, at the latest before the next batch is written. Gives what is
  // written. An error may be that of the batch before: `taken` says behind which event the next
  // are to be taken.
  Result<std::shared_ptr<const RowDelta>> Write(Projected projected);

  enum class Folded { kInPart, kWhole, kBegunAnew };
  // Folds and writes one part; a second or so, but for the last, which merges what was written. A
  // meeting that cannot be folded by itself is one whose reports must be looked at one by one, so
  // that the one at fault is parked: then all is begun anew at position 0, the long way. An error
  // may be that of the part before; called again it writes what could not be written.
  Result<Folded> Fold();

 private:
  // What is being written, over the rows before it.
  struct Pending {
    std::shared_ptr<const Snapshot> before;
    std::shared_ptr<const RowDelta> delta;
    std::shared_future<Status> written;
  };

  bool Gathers() const;
  // Waits for what is being written. What was gathered is forgotten where that failed; what was
  // folded is written again.
  Status Settle();
  Status WriteUnwritten();
  std::shared_ptr<const RowDelta> Begin(RowDelta rows, std::shared_ptr<const void> forgotten);

  ViewStore& store_;
  const ProjectionRules rules_;
  std::unique_ptr<Projecting> projecting_;
  bool short_way_;
  std::optional<Pending> pending_;
  // Parts that were folded and could not be written, in their order, and the last one.
  std::deque<std::shared_ptr<const RowDelta>> unwritten_;
};

}  // namespace entente::views
