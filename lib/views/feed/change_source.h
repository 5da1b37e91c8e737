// Changes one after the other, wherever they are kept: what every way of reading the feed reads.
#pragma once

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
  // The next change that a filter may match, above the one before; nullptr at the end. Good until
  // the next call.
  virtual const v1::Change* Next() = 0;
  // The one that Next gave, with its states; good until the next call of Next.
  virtual const SeenChange& See() = 0;
  // The one that Next gave, in words; `matched` is left to the caller. Last.
  virtual v1::DescribedChange Describe(bool with_meeting, Day today) = 0;
};

// Everything of the page but its rows.
FeedPage ReadFrom(ChangeSource* source, const FeedFilter& filter,
                  const domain::PartyRegistry& parties, const FeedSlice& slice);

}  // namespace entente::views
