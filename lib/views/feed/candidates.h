// The cursors at which a filter may match: where each of its groups has a term that held before or
// after the change.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/view.pb.h"
#include "values/position.h"
#include "views/feed.h"
#include "views/postings/postings.h"
#include "views/view_store.h"

namespace entente::views {

// Without groups it walks the feed itself; with some it walks their postings side by side, of the
// sorts that the filter wants, and reads only the changes that all of them name.
class FeedCandidates {
 public:
  // Begins above `after`.
  FeedCandidates(const Snapshot& snapshot, const FeedFilter& filter, const Cursor& after);

  // The next candidate, or nothing at the end of the feed, or where it has looked for one at
  // kCandidatesAtOnce places: then paused().
  std::optional<v1::Change> Next();
  // There is none below this cursor; above, nobody has looked yet.
  const std::optional<Cursor>& paused() const { return paused_; }
  std::uint64_t rows_examined() const;

 private:
  std::optional<Cursor> Least(const std::vector<PostingWalk>& group) const;
  // Moves all groups to the first cursor that each of them has, or pauses.
  std::optional<Cursor> Agree();

  const Snapshot& snapshot_;
  std::vector<std::vector<PostingWalk>> groups_;
  std::unique_ptr<Snapshot::Scan> feed_;
  std::optional<Cursor> given_;
  std::optional<Cursor> paused_;
  std::uint64_t changes_read_ = 0;
};

}  // namespace entente::views
