#include "views/answers/fold_cache.h"

#include <utility>

#include "views/rows/key.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

constexpr std::size_t kEntryBytes = 128;  // of lists, tables and pointers
// A message takes about so many times the bytes that it has on the wire. To add up what it takes
// indeed is a good part of folding it.
constexpr std::size_t kInMemory = 5;

std::string KeyOf(const FoldCache::Then& then) {
  std::string key(then.generation);
  key.push_back('\0');
  key += PackU64(then.as_of.position ? then.as_of.position->value() : UINT64_MAX);
  // A question for no day is another one than for the end of all days: acts of ours are on none.
  key.push_back(then.as_of.reported ? '\1' : '\0');
  key += PackU32(DayNumber(then.as_of.reported ? then.as_of.reported->day() : Day::AfterAll()));
  key += PackU64(then.told.value());
  key += then.stream;
  return key;
}

std::size_t BytesOf(const FoldCache::Component& component) {
  std::size_t bytes = kEntryBytes;
  for (const std::string& stream : component.streams)
    bytes += sizeof(std::string) + stream.capacity();
  for (const v1::Meeting& meeting : component.meetings) {
    bytes += kInMemory * meeting.ByteSizeLong();
  }
  return bytes;
}

}  // namespace

FoldCache::ComponentPtr FoldCache::Find(const Then& then) {
  const std::string key = KeyOf(then);
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->component;
}

void FoldCache::Keep(const Then& then, ComponentPtr component) {
  Entry entry{KeyOf(then), std::move(component), 0};
  entry.bytes = BytesOf(*entry.component) + entry.key.size();
  if (entry.bytes > bytes_max_) return;
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(entry.key)) return;
  for (bytes_ += entry.bytes; bytes_ > bytes_max_; entries_.pop_back()) {
    bytes_ -= entries_.back().bytes;
    by_key_.erase(entries_.back().key);
  }
  entries_.push_front(std::move(entry));
  by_key_.emplace(entries_.front().key, entries_.begin());
}

}  // namespace entente::views
