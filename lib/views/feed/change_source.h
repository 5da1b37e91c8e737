// Changes one after the other, wherever they are kept: what every way of reading the feed reads.
#pragma once

#include <cstdint>
#include <optional>

#include "domain/parties/party_registry.h"
#include "views/feed.h"
#include "views/feed/describe_change.h"
#include "views/feed/read_feed.h"

namespace entente::views {

// The store gives them from its rows (read_feed.cpp), memory from what is recent
// (recent_changes.h); what matches, and how it is told, is the same.
class ChangeSource {
 public:
  virtual ~ChangeSource() = default;
  // The next change that a filter may match, above the one before; nullptr at the end, and where
  // it pauses. Good until the next call.
  virtual const v1::Change* Next() = 0;
  // Where Next gave nothing before the end: there is nothing below this cursor.
  virtual std::optional<Cursor> Paused() const { return std::nullopt; }
  // The one that Next gave, with its states; good until the next call of Next.
  virtual const SeenChange& See() = 0;
  // The one that Next gave, in words; `matched` is left to the caller. Last.
  virtual v1::DescribedChange Describe(bool with_meeting, Day today) = 0;
  // Reports that were read and folded until now: what it has cost, but for rows.
  virtual std::uint64_t reports() const = 0;
};

// Everything of the page but its rows.
FeedPage ReadFrom(ChangeSource* source, const FeedFilter& filter,
                  const domain::PartyRegistry& parties, const FeedSlice& slice);

}  // namespace entente::views
