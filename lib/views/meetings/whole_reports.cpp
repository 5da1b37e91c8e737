#include "views/meetings/whole_reports.h"

#include <utility>

namespace entente::views {
namespace {

constexpr std::size_t kBytesMax = 32U << 20;

}  // namespace

std::shared_ptr<WholeReports> WholeReports::Of(const Snapshot& snapshot) {
  Memo* const memo = snapshot.memo_of_store();
  if (memo == nullptr) return nullptr;
  return memo->Once<std::shared_ptr<WholeReports>>(
      [] { return std::make_shared<WholeReports>(kBytesMax); });
}

std::vector<WholeReports::ReportPtr> WholeReports::Find(std::span<const std::string> keys) {
  std::vector<ReportPtr> found;
  found.reserve(keys.size());
  const std::lock_guard lock(mutex_);
  for (const std::string& key : keys) {
    const ReportPtr* const report = reports_.Find(key);
    found.push_back(report != nullptr ? *report : nullptr);
  }
  return found;
}

void WholeReports::Keep(std::string key, ReportPtr report) {
  const std::size_t bytes = BytesInMemory(*report);
  const std::lock_guard lock(mutex_);
  reports_.Keep(std::move(key), std::move(report), bytes);
}

}  // namespace entente::views
