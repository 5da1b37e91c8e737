// Where the change feeds of two generations part: what reads differently after one took over.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "entente/v1/view.pb.h"
#include "values/position.h"
#include "views/feed.h"
#include "views/view_store.h"

namespace entente::views {

// A change as the one generation tells it and as the other does; nullopt: it does not.
struct RevisedChange {
  Cursor cursor;
  std::optional<v1::Change> before;
  std::optional<v1::Change> after;
};

// Walks both feeds side by side, some rows at a time, so that whoever owns the thread can do other
// things between. The snapshots must outlive it. One thread.
class FeedComparison {
 public:
  // Beyond this many the rest is not looked at: `more()`. Nor is what cannot be read.
  static constexpr std::size_t kRevisedMax = 10'000;

  // Changes up to and at `up_to`.
  FeedComparison(const Snapshot& before, const Snapshot& after, Position up_to);

  // Looks at up to `rows` more; true once there is nothing more to look at.
  bool Step(std::size_t rows);

  const std::vector<RevisedChange>& revised() const { return revised_; }
  bool more() const { return more_; }
  // Up to here all was looked at.
  Cursor reached() const { return revised_.empty() ? Cursor() : revised_.back().cursor; }

 private:
  bool WithinReach(const Snapshot::Scan& rows) const;

  Cursor end_;
  std::unique_ptr<Snapshot::Scan> before_;
  std::unique_ptr<Snapshot::Scan> after_;
  std::vector<RevisedChange> revised_;
  bool more_ = false;
};

// How many of them, up to and at a cursor, a filter's terms and change types match before or after.
// Days and what only a meeting's state tells are not looked at: it is a number for a notice.
std::uint64_t CountRevised(const std::vector<RevisedChange>& revised, const FeedFilter& filter,
                           const Cursor& up_to);

}  // namespace entente::views
