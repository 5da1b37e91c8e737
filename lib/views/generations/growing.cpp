#include "views/generations/growing.h"

#include <chrono>
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
  Status written = pending_->written.get();
  pending_.reset();
  if (!written) projecting_ = rules_.begin();
  return written;
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
  auto write = [&store = store_, delta, gone = std::move(forgotten)]() mutable {
    gone.reset();
    return store.Apply(*delta);
  };
  pending_.emplace(Pending{.before = std::move(before),
                           .delta = delta,
                           .written = std::async(std::launch::async, std::move(write))});
  return delta;
}

Result<Growing::Folded> Growing::Fold() {
  // What is being written of it is not read for the next part.
  const bool folding = pending_ && pending_->delta->stage == Stage::kFolding;
  if (Status written = folding ? Status() : Settle(); !written) {
    return Fail(std::move(written).error());
  }
  auto rows = projecting_->FoldNext(folding ? *pending_->before : *store_.TakeSnapshot());
  if (Status written = Settle(); !written) return Fail(std::move(written).error());
  if (!rows && rows.error().reason == Reason::kInternal) {
    short_way_ = false;
    if (Status cleared = store_.Clear(); !cleared) return Fail(std::move(cleared).error());
    return Folded::kBegunAnew;
  }
  if (!rows) return Fail(std::move(rows).error());
  if (rows->stage != Stage::kWhole) {
    Begin(*std::move(rows), nullptr);
    return Folded::kInPart;
  }
  Status last = store_.Merge();
  if (last) last = store_.Apply(*rows);
  if (!last) {
    projecting_ = rules_.begin();
    return Fail(std::move(last).error());
  }
  return Folded::kWhole;
}

}  // namespace entente::views
