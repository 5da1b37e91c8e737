// What was asked for lately, by key, as much of it as there is room for.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace entente::views {

// Roughly what a message takes in memory: so many times the bytes that it has on the wire. To add
// up what it takes indeed is a good part of making it.
inline std::size_t BytesInMemory(const google::protobuf::MessageLite& message) {
  constexpr std::size_t kInMemory = 5;
  return kInMemory * message.ByteSizeLong();
}

// Forgets what was not asked for the longest. A key is a number, or a string, which is looked for
// as a string_view. One thread at a time.
template <class Key, class Value>
class LatelyAsked {
  using KeyView = std::conditional_t<std::is_same_v<Key, std::string>, std::string_view, Key>;

 public:
  // Holds about so many bytes, as its users count them.
  explicit LatelyAsked(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // The most that one value and its key may take.
  std::size_t room() const { return bytes_max_ - kEntryBytes; }
  // nullptr: it is not here. Valid until the next Keep or Take.
  const Value* Find(KeyView key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->value;
  }
  // As it was kept; it is not here any more. nullopt: it was not here.
  std::optional<Value> Take(KeyView key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    const auto entry = found->second;
    std::optional<Value> value = std::move(entry->value);
    bytes_ -= entry->bytes;
    by_key_.erase(found);
    entries_.erase(entry);
    return value;
  }
  // `bytes` are those of key and value. Nothing where the key is here already, or they alone are
  // too many.
  void Keep(Key key, Value value, std::size_t bytes) {
    bytes += kEntryBytes;
    if (bytes > bytes_max_ || by_key_.contains(key)) return;
    for (bytes_ += bytes; bytes_ > bytes_max_; entries_.pop_back()) {
      bytes_ -= entries_.back().bytes;
      by_key_.erase(entries_.back().key);
    }
    entries_.push_front({std::move(key), std::move(value), bytes});
    by_key_.emplace(entries_.front().key, entries_.begin());
  }

 private:
  static constexpr std::size_t kEntryBytes = 128;  // of lists, tables and pointers

  struct Entry {
    Key key;
    Value value;
    std::size_t bytes;
  };

  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // the last one asked for first
  std::unordered_map<KeyView, typename std::list<Entry>::iterator> by_key_;
};

}  // namespace entente::views
