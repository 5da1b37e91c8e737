#include "views/rows/overlay.h"

#include <algorithm>
#include <utility>

namespace entente::views {
namespace {

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

using Changes = std::span<const RowChange>;

Changes::iterator From(Changes changes, std::string_view key) {
  return std::ranges::lower_bound(changes, key, {}, &RowChange::key);
}

// Those with keys from `from` up to, not including, `to`.
Changes Between(Changes changes, std::string_view from, std::string_view to) {
  const auto begin = From(changes, from);
  const auto end = to.empty() ? changes.end() : From(changes, to);
  return {begin, std::max(begin, end)};
}

}  // namespace

std::unique_ptr<Snapshot::Scan> ScanOver(const Snapshot& base, Changes changes,
                                         std::string_view from, std::string_view to) {
  const Changes in = Between(changes, from, to);
  return std::make_unique<MergedScan<Changes::iterator, false>>(base.Range(from, to), in.begin(),
                                                                in.end());
}

std::unique_ptr<Snapshot::Scan> ScanBackwardsOver(const Snapshot& base, Changes changes,
                                                  std::string_view from, std::string_view to) {
  const Changes in = Between(changes, from, to);
  return std::make_unique<MergedScan<Changes::reverse_iterator, true>>(
      base.RangeBackwards(from, to), in.rbegin(), in.rend());
}

std::optional<std::string> Overlay::Get(std::string_view key) const {
  const auto change = From(delta_->rows, key);
  if (change == Changes(delta_->rows).end() || change->key != key) return base_->Get(key);
  if (!change->value) return std::nullopt;
  return std::string(*change->value);
}

std::vector<std::optional<std::string>> Overlay::GetMany(std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  for (const std::string& key : keys) values.push_back(Get(key));
  return values;
}

}  // namespace entente::views
