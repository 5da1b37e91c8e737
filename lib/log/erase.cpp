#include "log/erase.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <semaphore>
#include <span>
#include <utility>

#include "log/reader.h"
#include "log/stopped_log.h"
#include "log/verify.h"

namespace entente::log {
namespace {

RecordedTime Now(const LogOptions& options) {
  if (options.wall_clock) return RecordedTime(options.wall_clock());
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return RecordedTime(std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count());
}

const ErasureOrder* OrderFor(Position position, std::span<const ErasureOrder> orders) {
  const auto found = std::ranges::find(orders, position, &ErasureOrder::position);
  return found == orders.end() ? nullptr : &*found;
}

// Waits for the outcome.
Result<AppendedEvent> AppendOne(Log& log, const v1::AppendRequest& batch) {
  std::counting_semaphore<> told(0);
  log.OnOutcome([&told] { told.release(); });
  log.Append(0, batch);
  told.acquire();
  log.OnOutcome(nullptr);
  const AppendOutcome outcome = std::move(log.TakeOutcomes().front());
  if (!outcome.errors.empty()) return Fail(outcome.errors.front());
  return outcome.events.front();
}

}  // namespace

Result<ErasureTarget> FindErasureTarget(const std::filesystem::path& directory, Position position) {
  const auto report = VerifyLog(directory);
  if (!report) return Fail(report.error());
  if (report->first_break) return Fail(*report->first_break);
  if (position == Position() || position > report->end.position) {
    return Fail(Reason::kNotFound, "position", std::to_string(position.value()),
                fmt::format("the log holds positions 1 to {}", report->end.position.value()));
  }
  const auto log = StoppedLog::Open(directory);
  if (!log) return Fail(log.error());
  const auto range = log->Read(position, 0);
  if (!range) return Fail(range.error());
  const auto commit = CommitView::Parse(range->commits.front());
  if (!commit) return Fail(commit.error());
  const EventView event =
      commit->event(static_cast<std::uint32_t>(position.value() - commit->first().value()));
  if (event.stream.starts_with("admin/")) {
    return Fail(Reason::kFieldInvalid, "position", std::to_string(position.value()),
                fmt::format("an event of {} says what was done to the log and is not erased",
                            event.stream));
  }
  ErasureTarget target{ToRecordedEvent(event), std::nullopt, event.erased};
  for (const auto& orders : {report->erased, report->not_carried_out}) {
    if (const ErasureOrder* order = OrderFor(position, orders)) target.order = *order;
  }
  return target;
}

Result<ErasureOrder> EraseEvent(const std::filesystem::path& directory, Position position,
                                const std::string& authority, const std::string& why,
                                const LogOptions& options) {
  const auto target = FindErasureTarget(directory, position);
  if (!target) return Fail(target.error());
  ErasureOrder order = target->order.value_or(
      ErasureOrder{position, target->event.event().id(), authority, why, {}, {}});
  if (!target->order) {
    order.recorded = Now(options);
    const auto log = Log::Open(directory, options);
    if (!log) return Fail(log.error());
    const auto appended = AppendOne(**log, ToAppend(order, order.recorded));
    if (!appended) return Fail(appended.error());
    order.ordered_at = appended->position;
  }
  const auto carried_out = Log::Open(directory, options);
  if (!carried_out) return Fail(carried_out.error());
  return order;
}

}  // namespace entente::log
