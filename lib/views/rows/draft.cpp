#include "views/rows/draft.h"

#include <utility>

namespace entente::views {
namespace {

using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;

// Walks the base and the changes side by side, in `Iterator`'s direction; a change hides the base
// row of its key, and an erased row is stepped over.
template <class Iterator, bool kBackwards>
class MergedScan final : public Snapshot::Scan {
 public:
  MergedScan(std::unique_ptr<Snapshot::Scan> base, Iterator begin, Iterator end)
      : base_(std::move(base)), change_(begin), end_(end) {
    Settle();
  }
  bool Valid() const override { return on_change_ || base_->Valid(); }
  std::string_view key() const override { return on_change_ ? change_->first : base_->key(); }
  std::string_view value() const override { return on_change_ ? *change_->second : base_->value(); }
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
    if (base_->Valid() && base_->key() == change_->first) base_->Next();
    ++change_;
  }
  void Settle() {
    on_change_ = false;
    while (change_ != end_) {
      if (base_->Valid()) {
        const int order = base_->key().compare(change_->first);
        if (kBackwards ? order > 0 : order < 0) return;
      }
      if (change_->second) {
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

}  // namespace

void Draft::Replace(const RowMap& before, const RowMap& after) {
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) Erase(key);
  }
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != value) Put(key, value);
  }
}

void Draft::Absorb(Draft&& nested) {
  for (auto& [key, value] : nested.changes_) changes_.insert_or_assign(key, std::move(value));
  nested.changes_.clear();
}

void Draft::MoveRowsInto(v1::ViewDelta* delta) {
  for (auto& [key, value] : changes_) {
    v1::Row* row = delta->add_rows();
    row->set_key(key);
    if (value) {
      row->set_value(std::move(*value));
    } else {
      row->set_deleted(true);
    }
  }
  changes_.clear();
}

std::optional<std::string> Draft::Get(std::string_view key) const {
  const auto change = changes_.find(key);
  return change != changes_.end() ? change->second : base_.Get(key);
}

std::vector<std::optional<std::string>> Draft::GetMany(std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values(keys.size());
  std::vector<std::string> unchanged;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto change = changes_.find(keys[i]);
    if (change != changes_.end()) {
      values[i] = change->second;
    } else {
      unchanged.push_back(keys[i]);
      places.push_back(i);
    }
  }
  auto from_base = base_.GetMany(unchanged);
  for (std::size_t i = 0; i < places.size(); ++i) values[places[i]] = std::move(from_base[i]);
  return values;
}

std::unique_ptr<Snapshot::Scan> Draft::Range(std::string_view from, std::string_view to) const {
  return std::make_unique<MergedScan<Changes::const_iterator, false>>(
      base_.Range(from, to), changes_.lower_bound(from),
      to.empty() ? changes_.end() : changes_.lower_bound(to));
}

std::unique_ptr<Snapshot::Scan> Draft::RangeBackwards(std::string_view from,
                                                      std::string_view to) const {
  using Backwards = Changes::const_reverse_iterator;
  return std::make_unique<MergedScan<Backwards, true>>(
      base_.RangeBackwards(from, to),
      to.empty() ? changes_.rbegin() : Backwards(changes_.lower_bound(to)),
      Backwards(changes_.lower_bound(from)));
}

}  // namespace entente::views
