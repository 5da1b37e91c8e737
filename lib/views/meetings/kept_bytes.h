// Parts of answers, as they are on the wire, kept for the next answer: a page cites hundreds of
// reports, and to look up their rows is most of what it takes; and whoever watches a country asks
// for the same page again and again, of whose meetings hardly any is another one by then.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "values/position.h"
#include "views/store/lately_asked.h"
#include "views/view_store.h"

namespace entente::views {

// Of one store, and found by all that the part turns on but rows that never change in a store.
// Changes no answer but the time it takes, and how many rows it examines. Thread-safe.
template <class Key>
class KeptBytes {
 public:
  using BytesPtr = std::shared_ptr<const std::string>;

  static constexpr std::size_t kBytesMax = 32U << 20;

  // Holds about so many bytes.
  explicit KeptBytes(std::size_t bytes_max = kBytesMax) : parts_(bytes_max) {}

  // In the order of the keys; nullptr: it is not here.
  template <class Keys>
  std::vector<BytesPtr> Find(const Keys& keys) {
    std::vector<BytesPtr> found;
    found.reserve(keys.size());
    const std::lock_guard lock(mutex_);
    for (const Key& key : keys) {
      const BytesPtr* const part = parts_.Find(key);
      found.push_back(part != nullptr ? *part : nullptr);
    }
    return found;
  }
  void Keep(Key key, BytesPtr part) {
    std::size_t bytes = part->size();
    if constexpr (requires { key.size(); }) bytes += key.size();
    const std::lock_guard lock(mutex_);
    parts_.Keep(std::move(key), std::move(part), bytes);
  }

 private:
  std::mutex mutex_;
  LatelyAsked<Key, BytesPtr> parts_;
};

// Reports with their sources, by position; without a fate: that is a meeting's to say.
struct WholeReports : KeptBytes<Position> {
  using KeptBytes::KeptBytes;
};

// Meetings that nothing links to others as pages show them, by their state and the day of asking.
struct ShownMeetings : KeptBytes<std::string> {
  using KeptBytes::KeptBytes;
};

// Those beside a snapshot's store.
template <class Kept>
std::shared_ptr<Kept> KeptBeside(const Snapshot& snapshot) {
  return SharedIn<Kept>(snapshot.memo_of_store());
}

}  // namespace entente::views
