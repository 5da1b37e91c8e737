// Finds ids: among the newest events in memory, then in the index; and compares what it finds.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "log/append_rules.h"
#include "log/index.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::log {

// The newest events, not or not surely in the index: the active segment, and sealed ones in the
// order of their positions. A sealed one stays until the index has it. One thread.
class Tail {
 public:
  explicit Tail(std::uint32_t segment_events);

  Position Find(const IdKey& key) const;
  void Prefetch(const IdKey& key) const;
  // False, and nothing changed, if the id's key is taken in the active segment.
  bool Add(const IndexEntry& entry) { return active_->Add(entry); }
  // At the end of every write. Returns the active segment once it is large enough, sealed.
  std::shared_ptr<const Segment> EndWrite(const ChainPoint& end);
  // Drops sealed segments that the index has.
  void DropTo(Position indexed_to);

  std::size_t events() const;

 private:
  std::uint32_t segment_events_;
  std::shared_ptr<Segment> active_;
  std::vector<std::shared_ptr<const Segment>> sealed_;
};

// An id looked up: the event that has it, or the key under which it is to be kept.
struct IdFound {
  std::optional<KnownEvent> known;
  IdKey key;
};

// What is stored at a position that Tail or Index named: its id and, if that is the one sought,
// the event.
class StoredIds {
 public:
  virtual ~StoredIds() = default;
  // nullopt: the event there has another id.
  virtual Result<std::optional<KnownEvent>> Compare(Position position, std::string_view id) = 0;
};

// In this order: tail, index. A hit is always compared with the bytes in the log.
Result<std::vector<IdFound>> FindIds(std::span<const std::string_view> ids, const Tail& tail,
                                     const Index& index, StoredIds& stored);

// The first key from `key` on that neither tail nor index has.
Result<IdKey> FreeKey(IdKey key, const Tail& tail, const Index& index);

}  // namespace entente::log
