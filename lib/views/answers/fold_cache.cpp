#include "views/answers/fold_cache.h"

#include <utility>

#include "views/rows/key.h"

namespace entente::views {
namespace {

// Of one stream: those that are asked about lie close together.
constexpr std::size_t kSpansMax = 16;

std::string KeyOf(const FoldCache::Of& of) {
  std::string key(of.generation);
  key.push_back('\0');
  key += PackU64(of.told.value());
  key += of.stream;
  return key;
}

std::size_t BytesOf(const FoldCache::Component& component) {
  std::size_t bytes = 0;
  for (const std::string& stream : component.streams)
    bytes += sizeof(std::string) + stream.capacity();
  for (const v1::Meeting& meeting : component.meetings) bytes += BytesInMemory(meeting);
  return bytes;
}

}  // namespace

FoldCache::ComponentPtr FoldCache::Find(const Of& of, const domain::AsOf& as_of) {
  const std::string key = KeyOf(of);
  const std::lock_guard lock(mutex_);
  const Folds* const folds = folds_.Find(key);
  if (folds == nullptr) return nullptr;
  for (const Kept& kept : *folds) {
    if (kept.component->span.Holds(as_of)) return kept.component;
  }
  return nullptr;
}

void FoldCache::Keep(const Of& of, ComponentPtr component) {
  std::string key = KeyOf(of);
  const std::size_t component_bytes = BytesOf(*component);
  const std::lock_guard lock(mutex_);
  Folds folds = folds_.Take(key).value_or(Folds());
  // Another thread may have folded it at the same moment.
  std::erase_if(folds, [&](const Kept& kept) { return kept.component->span == component->span; });
  folds.push_back({std::move(component), component_bytes});
  std::size_t bytes = key.size();
  for (const Kept& kept : folds) bytes += kept.bytes;
  while (folds.size() > kSpansMax || (folds.size() > 1 && bytes > folds_.room())) {
    bytes -= folds.front().bytes;
    folds.erase(folds.begin());
  }
  folds_.Keep(std::move(key), std::move(folds), bytes);
}

FoldCache::ReportsPtr FoldCache::FindReports(const Of& of) {
  const std::string key = KeyOf(of);
  const std::lock_guard lock(mutex_);
  const ReportsPtr* const reports = reports_.Find(key);
  return reports == nullptr ? nullptr : *reports;
}

void FoldCache::KeepReports(const Of& of, ReportsPtr reports) {
  std::string key = KeyOf(of);
  std::size_t bytes = key.size();
  for (const ReportPtr& report : reports->reports) bytes += BytesInMemory(*report);
  const std::lock_guard lock(mutex_);
  reports_.Keep(std::move(key), std::move(reports), bytes);
}

}  // namespace entente::views
