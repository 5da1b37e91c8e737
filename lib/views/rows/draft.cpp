#include "views/rows/draft.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace entente::views {
namespace {

constexpr std::size_t kFirstPieceBytes = 64U << 10;

// Walks the base and the changes side by side, in `Iterator`'s direction; a change hides the base
// row of its key, and an erased row is stepped over.
template <class Iterator, bool kBackwards>
class MergedScan final : public Snapshot::Scan {
 public:
  MergedScan(std::unique_ptr<Snapshot::Scan> base, const Iterator& begin, const Iterator& end)
      : base_(std::move(base)), change_(begin), end_(end) {
    Settle();
  }
  bool Valid() const override { return on_change_ || base_->Valid(); }
  std::string_view key() const override { return on_change_ ? change_->key : base_->key(); }
  std::string_view value() const override { return on_change_ ? *change_->value : base_->value(); }
  void Next() override {
    if (on_change_) {
      StepChange();
    } else {
      base_->Next();
    }
    Settle();
  }
  Status status() const override { return base_->status(); }

 private:
  void StepChange() {
    if (base_->Valid() && base_->key() == change_->key) base_->Next();
    ++change_;
  }
  void Settle() {
    on_change_ = false;
    while (change_ != end_) {
      if (base_->Valid()) {
        const int order = base_->key().compare(change_->key);
        if (kBackwards ? order > 0 : order < 0) return;
      }
      if (change_->value) {
        on_change_ = true;
        return;
      }
      StepChange();
    }
  }

  std::unique_ptr<Snapshot::Scan> base_;
  Iterator change_;
  Iterator end_;
  bool on_change_ = false;
};

std::vector<RowChange>::const_iterator From(const std::vector<RowChange>& sorted,
                                            std::string_view key) {
  return std::ranges::lower_bound(sorted, key, {}, &RowChange::key);
}

}  // namespace

Draft::Draft(const Snapshot& base)
    : base_(base), memory_(std::make_shared<Memory>(kFirstPieceBytes)), changes_(memory_.get()) {}

std::string_view Draft::Keep(std::string_view bytes) {
  if (bytes.empty()) return {};
  auto* const kept = static_cast<char*>(memory_->allocate(bytes.size(), 1));
  std::memcpy(kept, bytes.data(), bytes.size());
  return {kept, bytes.size()};
}

void Draft::Change(std::string_view key, std::optional<std::string_view> value) {
  sorted_.clear();
  if (value) value = Keep(*value);
  if (const auto known = changes_.find(key); known != changes_.end()) {
    known->second = value;
  } else {
    changes_.emplace(Keep(key), value);
  }
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
    sorted_.reserve(changes_.size());
    for (const auto& [key, value] : changes_) sorted_.push_back({key, value});
    std::ranges::sort(sorted_, {}, &RowChange::key);
  }
  return sorted_;
}

void Draft::MoveRowsInto(RowDelta* delta) {
  Sorted();
  delta->rows = std::move(sorted_);
  delta->bytes = memory_;
}

std::optional<std::string> Draft::Get(std::string_view key) const {
  const auto change = changes_.find(key);
  if (change == changes_.end()) return base_.Get(key);
  if (!change->second) return std::nullopt;
  return std::string(*change->second);
}

std::vector<std::optional<std::string>> Draft::GetMany(std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values(keys.size());
  std::vector<std::string> unchanged;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto change = changes_.find(keys[i]);
    if (change == changes_.end()) {
      unchanged.push_back(keys[i]);
      places.push_back(i);
    } else if (change->second) {
      values[i] = std::string(*change->second);
    }
  }
  auto from_base = base_.GetMany(unchanged);
  for (std::size_t i = 0; i < places.size(); ++i) values[places[i]] = std::move(from_base[i]);
  return values;
}

std::unique_ptr<Snapshot::Scan> Draft::Range(std::string_view from, std::string_view to) const {
  const std::vector<RowChange>& sorted = Sorted();
  using Forwards = std::vector<RowChange>::const_iterator;
  const Forwards begin = From(sorted, from);
  const Forwards end = to.empty() ? sorted.end() : From(sorted, to);
  return std::make_unique<MergedScan<Forwards, false>>(base_.Range(from, to), begin,
                                                       std::max(begin, end));
}

std::unique_ptr<Snapshot::Scan> Draft::RangeBackwards(std::string_view from,
                                                      std::string_view to) const {
  const std::vector<RowChange>& sorted = Sorted();
  using Backwards = std::vector<RowChange>::const_reverse_iterator;
  const auto begin = From(sorted, from);
  const auto end = to.empty() ? sorted.end() : From(sorted, to);
  return std::make_unique<MergedScan<Backwards, true>>(
      base_.RangeBackwards(from, to), Backwards(std::max(begin, end)), Backwards(begin));
}

}  // namespace entente::views
