#include "views/feed/revised.h"

#include <algorithm>

#include "views/feed/change_rows.h"
#include "views/feed/feed_match.h"

namespace entente::views {
namespace {

// One of each list of alternatives, among what it held before or holds after.
bool Matches(const v1::Change& change, const FeedFilter& filter) {
  if (change.backfill() && !filter.with_backfill) return false;
  if (OnlyConfirms(change) && !WantsConfirmations(filter)) return false;
  const auto held = [&](const std::string& term) {
    return std::ranges::find(change.terms_before(), term) != change.terms_before().end() ||
           std::ranges::find(change.terms_after(), term) != change.terms_after().end();
  };
  return std::ranges::all_of(filter.terms(),
                             [&](const auto& terms) { return std::ranges::any_of(terms, held); });
}

}  // namespace

FeedComparison::FeedComparison(const Snapshot& before, const Snapshot& after, Position up_to)
    : end_(EndOfPosition(up_to)),
      before_(ChangesAfter(before, Cursor())),
      after_(ChangesAfter(after, Cursor())) {}

bool FeedComparison::WithinReach(const Snapshot::Scan& rows) const {
  return rows.Valid() && CursorOf(DecodeChange(rows.key(), {})) <= end_;
}

bool FeedComparison::Step(std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    if (!before_->status() || !after_->status()) {
      more_ = true;  // a feed that cannot be read is not one that ends here
      return true;
    }
    const bool in_before = WithinReach(*before_);
    const bool in_after = WithinReach(*after_);
    if (!in_before && !in_after) return true;
    const int order = !in_after ? -1 : !in_before ? 1 : before_->key().compare(after_->key());
    if (order != 0 || before_->value() != after_->value()) {
      if (revised_.size() == kRevisedMax) {
        more_ = true;
        return true;
      }
      RevisedChange revised;
      if (order <= 0) revised.before = DecodeChange(before_->key(), before_->value());
      if (order >= 0) revised.after = DecodeChange(after_->key(), after_->value());
      revised.cursor = CursorOf(revised.before ? *revised.before : *revised.after);
      revised_.push_back(std::move(revised));
    }
    if (order <= 0) before_->Next();
    if (order >= 0) after_->Next();
  }
  return false;
}

std::uint64_t CountRevised(const std::vector<RevisedChange>& revised, const FeedFilter& filter,
                           const Cursor& up_to) {
  return static_cast<std::uint64_t>(std::ranges::count_if(revised, [&](const RevisedChange& one) {
    return one.cursor <= up_to && ((one.before && Matches(*one.before, filter)) ||
                                   (one.after && Matches(*one.after, filter)));
  }));
}

}  // namespace entente::views
