#include "log/carry_out_erasures.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "log/emptied_commit.h"
#include "log/pending_removals.h"
#include "log/reader.h"

namespace entente::log {
namespace {

Result<std::vector<ErasureOrder>> NotCarriedOut(std::span<const ErasureOrder> orders,
                                                const LogStore& store) {
  std::vector<ErasureOrder> left;
  EventFinder finder(store);
  for (const ErasureOrder& order : orders) {
    const auto event = finder.At(order.position);
    if (!event) return Fail(event.error());
    if (!event->erased) left.push_back(order);
  }
  return left;
}

Result<std::vector<StoredCommit>> Emptied(std::span<const ErasureOrder> orders,
                                          const LogStore& store) {
  std::vector<Position> positions(orders.size());
  std::transform(orders.begin(), orders.end(), positions.begin(),
                 [](const ErasureOrder& order) { return order.position; });
  std::sort(positions.begin(), positions.end());
  std::vector<StoredCommit> emptied;
  for (const Position position : positions) {
    if (!emptied.empty() && position <= emptied.back().last) continue;
    const auto found = store.Read(position, Position::Max(), 0);
    if (!found) return Fail(found.error());
    const auto commit = CommitView::Parse(found->front());
    if (!commit) return Fail(commit.error());
    emptied.push_back({commit->first(), commit->last(), WithEmptyBodies(*commit, positions)});
  }
  return emptied;
}

// Copies that may hold what is to be gone. Both may be deleted at any time.
Status RemoveCopies(const LogFiles& files, std::vector<std::string>& notes) {
  for (const std::filesystem::path& copies : {files.damaged, files.loading}) {
    std::error_code failed;
    if (std::filesystem::remove_all(copies, failed) > 0 && !failed) {
      notes.push_back(fmt::format("What lay in {} was removed: it may have held what was erased.",
                                  copies.string()));
    }
    if (failed) return Fail(Reason::kStoreIo, copies.string(), "", failed.message());
  }
  return {};
}

}  // namespace

Status CarryOutErasures(const LogFiles& files, std::span<const ErasureOrder> orders,
                        RocksStore& store, std::vector<std::string>& notes) {
  const PendingRemovals removals(files.erasing);
  auto left = NotCarriedOut(orders, store);
  if (!left) return Fail(left.error());
  auto firsts = removals.Read();
  if (!firsts) return Fail(firsts.error());
  if (left->empty() && firsts->empty()) return {};

  if (!left->empty()) {
    const auto emptied = Emptied(*left, store);
    if (!emptied) return Fail(emptied.error());
    for (const StoredCommit& commit : *emptied) firsts->push_back(commit.first);
    // Before a body reads as empty, or a crash would leave its old bytes for ever.
    if (auto noted = removals.Write(*firsts); !noted) return noted;
    if (auto written = store.Overwrite(*emptied); !written) return written;
  }
  if (auto removed = store.RemoveOldVersions(*firsts); !removed) return removed;
  if (auto removed = RemoveCopies(files, notes); !removed) return removed;
  for (const ErasureOrder& order : *left) {
    notes.push_back(fmt::format("Position {} was erased, as position {} orders.",
                                order.position.value(), order.ordered_at.value()));
  }
  return removals.Clear();
}

}  // namespace entente::log
