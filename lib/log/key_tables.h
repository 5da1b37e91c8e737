// Hash tables whose keys are already hashes: open addressing, linear probing, no deletion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "log/index_keys.h"
#include "values/position.h"

namespace entente::log {

// Id key -> position, 24 bytes an entry. One thread writes while nobody reads; any may read after.
class IdTable {
 public:
  // Room for so many without growing.
  void Reserve(std::size_t keys) {
    while (keys * 3 > slots_.size() * 2) Grow();
  }
  // Begins to load what Find will look at: with many keys at hand, their cache misses overlap.
  void Prefetch(const IdKey& key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[key.high & mask_]);
  }
  // Position() if there is none.
  Position Find(const IdKey& key) const {
    if (slots_.empty()) return {};
    for (std::size_t i = key.high & mask_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.position == Position()) return {};
      if (slot.key == key) return slot.position;
    }
  }
  // False, and nothing changed, if the key is taken. `position` must not be Position().
  bool Insert(const IdKey& key, Position position) {
    if ((size_ + 1) * 3 > slots_.size() * 2) Grow();
    if (!Place(key, position)) return false;
    ++size_;
    return true;
  }
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    IdKey key;
    Position position;
  };
  bool Place(const IdKey& key, Position position) {
    std::size_t i = key.high & mask_;
    for (; slots_[i].position != Position(); i = (i + 1) & mask_) {
      if (slots_[i].key == key) return false;
    }
    slots_[i] = {key, position};
    return true;
  }
  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.position != Position()) Place(slot.key, slot.position);
    }
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

// Stream key -> last revision, 16 bytes a stream. One thread.
class RevisionTable {
 public:
  void Prefetch(const StreamKey& key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[key.high & mask_]);
  }
  // Revision() if there is no such stream.
  Revision Find(const StreamKey& key) const {
    if (slots_.empty()) return {};
    return Revision(slots_[SlotOf(key)].revision);
  }
  void Set(const StreamKey& key, Revision revision) {
    Claim(key).revision = static_cast<std::uint32_t>(revision.value());
  }
  // Counts one more event of the stream; returns its revision.
  Revision Advance(const StreamKey& key) { return Revision(++Claim(key).revision); }
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint64_t high = 0;
    std::uint32_t low = 0;
    std::uint32_t revision = 0;  // 0: free
  };
  static_assert(sizeof(Slot) == 16);

  // The key's slot, taken if it was free; its revision must be set then.
  Slot& Claim(const StreamKey& key) {
    if ((size_ + 1) * 3 > slots_.size() * 2) Grow();
    Slot& slot = slots_[SlotOf(key)];
    if (slot.revision == 0) {
      ++size_;
      slot.high = key.high;
      slot.low = key.low;
    }
    return slot;
  }
  std::size_t SlotOf(const StreamKey& key) const {
    std::size_t i = key.high & mask_;
    while (slots_[i].revision != 0 && (slots_[i].high != key.high || slots_[i].low != key.low)) {
      i = (i + 1) & mask_;
    }
    return i;
  }
  void Grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.revision != 0) slots_[SlotOf({slot.high, slot.low})] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace entente::log
