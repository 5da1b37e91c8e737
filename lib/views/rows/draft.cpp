#include "views/rows/draft.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "views/rows/overlay.h"
#include "views/rows/sort_rows.h"

namespace entente::views {
namespace {

constexpr std::size_t kFirstPieceBytes = 64U << 10;
constexpr std::size_t kFirstSlots = 64;

std::uint32_t HashOf(std::string_view key) {
  const std::size_t hash = std::hash<std::string_view>{}(key);
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

}  // namespace

Draft::Draft(const Snapshot& base)
    : base_(base), memory_(std::make_shared<Memory>(kFirstPieceBytes)), slots_(kFirstSlots) {}

std::string_view Draft::Keep(std::string_view bytes) {
  if (bytes.empty()) return {};
  auto* const kept = static_cast<char*>(memory_->allocate(bytes.size(), 1));
  std::memcpy(kept, bytes.data(), bytes.size());
  return {kept, bytes.size()};
}

std::size_t Draft::SlotOf(std::string_view key, std::uint32_t hash) const {
  for (std::size_t at = hash;; ++at) {
    at &= slots_.size() - 1;
    const Slot& slot = slots_[at];
    if (slot.change == 0) return at;
    if (slot.hash == hash && changes_[slot.change - 1].key == key) return at;
  }
}

void Draft::Grow() {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
  for (const Slot& slot : before) {
    if (slot.change == 0) continue;
    std::size_t at = slot.hash;
    while (slots_[at & (slots_.size() - 1)].change != 0) ++at;
    slots_[at & (slots_.size() - 1)] = slot;
  }
}

void Draft::Change(std::string_view key, std::optional<std::string_view> value) {
  sorted_.clear();
  if (value) value = Keep(*value);
  const std::uint32_t hash = HashOf(key);
  Slot& slot = slots_[SlotOf(key, hash)];
  if (slot.change != 0) {
    changes_[slot.change - 1].value = value;
    return;
  }
  changes_.push_back({Keep(key), value});
  slot = {hash, static_cast<std::uint32_t>(changes_.size())};
  if (2 * changes_.size() > slots_.size()) Grow();
}

const RowChange* Draft::Find(std::string_view key) const {
  const Slot& slot = slots_[SlotOf(key, HashOf(key))];
  return slot.change == 0 ? nullptr : &changes_[slot.change - 1];
}

void Draft::Replace(const RowMap& before, const RowMap& after) {
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) Erase(key);
  }
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != value) Put(key, value);
  }
}

const std::vector<RowChange>& Draft::Sorted() const {
  if (sorted_.empty()) {
    sorted_ = changes_;
    SortByKey(&sorted_);
  }
  return sorted_;
}

void Draft::MoveRowsInto(RowDelta* delta) {
  if (sorted_.empty()) {
    SortByKey(&changes_);
    delta->rows = std::move(changes_);
  } else {
    delta->rows = std::move(sorted_);
  }
  delta->bytes = memory_;
}

std::optional<std::string> Draft::Get(std::string_view key) const {
  const RowChange* const change = Find(key);
  if (change == nullptr) return base_.Get(key);
  if (!change->value) return std::nullopt;
  return std::string(*change->value);
}

std::vector<std::optional<std::string>> Draft::GetMany(std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values(keys.size());
  std::vector<std::string> unchanged;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const RowChange* const change = Find(keys[i]);
    if (change == nullptr) {
      unchanged.push_back(keys[i]);
      places.push_back(i);
    } else if (change->value) {
      values[i] = std::string(*change->value);
    }
  }
  auto from_base = base_.GetMany(unchanged);
  for (std::size_t i = 0; i < places.size(); ++i) values[places[i]] = std::move(from_base[i]);
  return values;
}

std::unique_ptr<Snapshot::Scan> Draft::Range(std::string_view from, std::string_view to) const {
  return ScanOver(base_, Sorted(), from, to);
}

std::unique_ptr<Snapshot::Scan> Draft::RangeBackwards(std::string_view from,
                                                      std::string_view to) const {
  return ScanBackwardsOver(base_, Sorted(), from, to);
}

}  // namespace entente::views
