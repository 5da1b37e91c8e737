#include "views/feed/candidates.h"

#include "views/feed/change_rows.h"

namespace entente::views {

FeedCandidates::FeedCandidates(const Snapshot& snapshot,
                               const std::vector<std::vector<std::string>>& groups,
                               const Cursor& after)
    : snapshot_(snapshot) {
  for (const auto& terms : groups) {
    auto& group = groups_.emplace_back();
    for (const std::string& term : terms) group.emplace_back(snapshot, ParseTerm(term), after);
  }
  if (groups_.empty()) feed_ = ChangesAfter(snapshot, after);
}

std::optional<Cursor> FeedCandidates::Least(const std::vector<PostingWalk>& group) const {
  std::optional<Cursor> least;
  for (const PostingWalk& walk : group) {
    if (walk.Valid() && (!least || walk.cursor() < *least)) least = walk.cursor();
  }
  return least;
}

std::optional<Cursor> FeedCandidates::Agree() {
  std::optional<Cursor> target = Least(groups_.front());
  for (std::size_t agreed = 1, next = 1; target; next = (next + 1) % groups_.size()) {
    if (agreed == groups_.size()) return target;
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
