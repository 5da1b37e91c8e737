// Publishes what changes as it changes, for whoever listens and can bear to miss some.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bus/loop.h"
#include "bus/publisher.h"
#include "services/query/replica.h"
#include "values/position.h"
#include "views/feed.h"
#include "views/feed/recent_changes.h"

namespace entente::query {

// Each change goes out once under every country that takes or took part in it:
//
//     [country/JP/] [header] [Tail { previous, change }]
//
// `previous` is the change published under this prefix before. A listener that has seen less than
// that missed something: the socket dropped it, or the tail skipped ahead, or began anew. Backfill
// and mere confirmations are left out, as in alerts. On a loop.
class Tail {
 public:
  // Further behind than this, it skips to the head: it is a tail, not a history.
  static constexpr std::uint64_t kBehindMax = 10'000;

  // All must outlive it.
  Tail(bus::Loop& loop, const Replica& replica, views::RecentChanges& recent,
       bus::Publisher& publisher);
  ~Tail();

  void OnMoved();

 private:
  void SkipTo(const Cursor& cursor);
  void ScheduleTurn();
  void TakeTurn();
  void Publish(const v1::DescribedChange& change);

  bus::Loop& loop_;
  const Replica& replica_;
  views::RecentChanges& recent_;
  bus::Publisher& publisher_;
  const views::FeedFilter everything_;
  Cursor published_;                       // up to here everything is out
  Cursor skipped_;                         // below this, something may be missing
  std::map<std::string, Cursor> last_of_;  // by prefix, above skipped_
  std::optional<bus::Loop::TimerId> turn_;
};

}  // namespace entente::query
