#include "views/answers/fold_cache.h"

#include <utility>

#include "views/rows/key.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

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
  std::size_t bytes = 0;
  for (const std::string& stream : component.streams)
    bytes += sizeof(std::string) + stream.capacity();
  for (const v1::Meeting& meeting : component.meetings) bytes += BytesInMemory(meeting);
  return bytes;
}

}  // namespace

FoldCache::ComponentPtr FoldCache::Find(const Then& then) {
  const std::string key = KeyOf(then);
  const std::lock_guard lock(mutex_);
  const ComponentPtr* const component = components_.Find(key);
  return component != nullptr ? *component : nullptr;
}

void FoldCache::Keep(const Then& then, ComponentPtr component) {
  const std::size_t bytes = BytesOf(*component);
  const std::lock_guard lock(mutex_);
  components_.Keep(KeyOf(then), std::move(component), bytes);
}

}  // namespace entente::views
