#include "views/feed/candidates.h"

#include "views/feed/change_rows.h"
#include "views/feed/feed_match.h"

namespace entente::views {
namespace {

std::vector<PostingSort> SortsFor(const FeedFilter& filter) {
  std::vector<PostingSort> sorts = {PostingSort::kNews};
  const bool confirmations = WantsConfirmations(filter);
  if (confirmations) sorts.push_back(PostingSort::kConfirmation);
  if (filter.with_backfill) sorts.push_back(PostingSort::kBackfill);
  if (filter.with_backfill && confirmations) sorts.push_back(PostingSort::kBackfilledConfirmation);
  return sorts;
}

}  // namespace

FeedCandidates::FeedCandidates(const Snapshot& snapshot, const FeedFilter& filter,
                               const Cursor& after)
    : snapshot_(snapshot) {
  if (filter.terms().empty() || snapshot.projection_version() < kSortedSince) {
    feed_ = ChangesAfter(snapshot, after);
    return;
  }
  const auto sorts = SortsFor(filter);
  groups_.reserve(filter.terms().size());
  for (const auto& terms : filter.terms()) {
    auto& group = groups_.emplace_back();
    group.reserve(terms.size() * sorts.size());
    for (const std::string& term : terms) {
      for (const PostingSort sort : sorts) {
        group.emplace_back(snapshot, ParseTerm(term), sort, after);
      }
    }
  }
}

std::optional<Cursor> FeedCandidates::Least(const std::vector<PostingWalk>& group) const {
  std::optional<Cursor> least;
  for (const PostingWalk& walk : group) {
    if (walk.Valid() && (!least || walk.cursor() < *least)) least = walk.cursor();
  }
  return least;
}

std::optional<Cursor> FeedCandidates::Agree() {
  const std::optional<Cursor> first = Least(groups_.front());
  std::optional<Cursor> target = first;
  std::size_t looked_at = 0;
  for (std::size_t agreed = 1, next = 1; target; next = (next + 1) % groups_.size()) {
    if (agreed == groups_.size()) return target;
    if (looked_at >= kCandidatesAtOnce && target > first) {
      paused_ = target;
      return std::nullopt;
    }
    looked_at += groups_[next].size();
    for (PostingWalk& walk : groups_[next]) walk.SkipTo(*target);
    const auto least = Least(groups_[next]);
    agreed = least == target ? agreed + 1 : 1;
    target = least;
  }
  return std::nullopt;
}

std::optional<v1::Change> FeedCandidates::Next() {
  if (feed_) {
    if (!feed_->Valid()) return std::nullopt;
    v1::Change change = DecodeChange(feed_->key(), feed_->value());
    feed_->Next();
    ++changes_read_;
    return change;
  }
  if (given_) {
    for (PostingWalk& walk : groups_.front()) {
      if (walk.Valid() && walk.cursor() == *given_) walk.Next();
    }
  }
  paused_.reset();
  given_ = Agree();
  if (!given_) return std::nullopt;
  ++changes_read_;
  return FindChange(snapshot_, *given_);
}

std::uint64_t FeedCandidates::rows_examined() const {
  std::uint64_t rows = changes_read_;
  for (const auto& group : groups_) {
    for (const PostingWalk& walk : group) rows += walk.rows_examined();
  }
  return rows;
}

}  // namespace entente::views
