// Reading the feed between two cursors; ReadFeed and the `changes` question come through here.
#pragma once

#include "views/feed.h"

namespace entente::views {

struct FeedSlice {
  Cursor after;
  Cursor until;  // this one included
  std::uint32_t limit = 0;
  bool with_meeting = false;
  Day today = Day::BeforeAll();  // for the status of meetings; never lapsed as it stands
};

Result<FeedPage> ReadFeedSlice(const AnswerContext& context, const FeedFilter& filter,
                               const FeedSlice& slice);

}  // namespace entente::views
