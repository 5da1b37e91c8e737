#include "views/generations/growing.h"

#include <chrono>
#include <exception>
#include <utility>

#include "views/rows/overlay.h"

namespace entente::views {

Growing::Growing(const ProjectionRules& rules, ViewStore& store, Read read)
    : store_(store),
      rules_(rules),
      projecting_(rules.begin()),
      short_way_(read == Read::kOnceItIsWhole) {}

Growing::~Growing() {
  if (pending_) pending_->written.wait();
}

log::ChainPoint Growing::taken() const { return pending_ ? pending_->delta->to : store_.taken(); }

bool Growing::Gathers() const {
  return ToBeFolded() || (short_way_ && store_.taken().position == Position());
}

Status Growing::Settle() {
  if (!pending_) return {};
  const Pending done = std::move(*pending_);
  pending_.reset();
  const Status& written = done.written.get();
  if (written) return {};
  if (done.delta->stage == Stage::kFolding) {
    unwritten_.push_back(done.delta);
  } else {
    projecting_ = rules_.begin();
  }
  return Fail(Error(written.error()));
}

Result<Projected> Growing::Take(std::span<const log::CommitView> commits) {
  if (!Gathers()) return projecting_->Project(*store_.TakeSnapshot(), commits);
  if (pending_ &&
      pending_->written.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    if (Status written = Settle(); !written) return Fail(std::move(written).error());
  }
  if (!pending_) return projecting_->Gather(*store_.TakeSnapshot(), commits);
  return projecting_->Gather(Overlay(pending_->before, pending_->delta), commits);
}

Result<std::shared_ptr<const RowDelta>> Growing::Write(Projected projected) {
  if (Status written = Settle(); !written) return Fail(std::move(written).error());
  if (projected.delta.stage != Stage::kWhole) {
    return Begin(std::move(projected.delta), std::move(projected.forgotten));
  }
  auto delta = std::make_shared<const RowDelta>(std::move(projected.delta));
  if (Status applied = store_.Apply(*delta); !applied) return Fail(std::move(applied).error());
  return delta;
}

std::shared_ptr<const RowDelta> Growing::Begin(RowDelta rows,
                                               std::shared_ptr<const void> forgotten) {
  std::shared_ptr<const Snapshot> before = store_.TakeSnapshot();
  auto delta = std::make_shared<const RowDelta>(std::move(rows));
  auto write = [&store = store_, delta, gone = std::move(forgotten)]() mutable -> Status {
    gone.reset();
    try {
      return store.Apply(*delta);
    } catch (const std::exception& fault) {
      return Fail(Reason::kInternal, "rows", delta->generation, fault.what());
    }
  };
  pending_.emplace(Pending{.before = std::move(before),
                           .delta = delta,
                           .written = std::async(std::launch::async, std::move(write)).share()});
  return delta;
}

Status Growing::WriteUnwritten() {
  for (; !unwritten_.empty(); unwritten_.pop_front()) {
    const RowDelta& rows = *unwritten_.front();
    if (rows.stage == Stage::kWhole) {
      if (Status merged = store_.Merge(); !merged) return merged;
    }
    if (Status applied = store_.Apply(rows); !applied) return applied;
  }
  return {};
}

Result<Growing::Folded> Growing::Fold() {
  if (!unwritten_.empty()) {
    if (Status written = WriteUnwritten(); !written) return Fail(std::move(written).error());
    return ToBeFolded() ? Folded::kInPart : Folded::kWhole;
  }
  // What is being written of it is not read for the next part.
  const bool folding = BeingFolded() && pending_;
  if (Status written = folding ? Status() : Settle(); !written) {
    return Fail(std::move(written).error());
  }
  auto rows = projecting_->FoldNext(folding ? *pending_->before : *store_.TakeSnapshot());
  Status written = Settle();
  if (!rows && rows.error().reason == Reason::kInternal) {
    short_way_ = false;
    unwritten_.clear();
    projecting_ = rules_.begin();
    if (Status cleared = store_.Clear(); !cleared) return Fail(std::move(cleared).error());
    return Folded::kBegunAnew;
  }
  if (!rows) return Fail(std::move(rows).error());
  if (written && rows->stage == Stage::kFolding) {
    Begin(*std::move(rows), nullptr);
    return Folded::kInPart;
  }
  unwritten_.push_back(std::make_shared<const RowDelta>(*std::move(rows)));
  if (written) written = WriteUnwritten();
  if (!written) return Fail(std::move(written).error());
  return Folded::kWhole;
}

}  // namespace entente::views
