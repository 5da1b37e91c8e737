// The change feed: every change of every subject by (position, ordinal), with postings for each
// term it held before or after, so that a filtered reader pays for its matches only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "entente/v1/query.pb.h"
#include "entente/v1/view.pb.h"
#include "values/error.h"
#include "values/position.h"
#include "views/answer.h"
#include "views/view_store.h"

namespace entente::views {

// A filter with its names and words resolved to terms. Made once for a subscription.
class FeedFilter {
 public:
  // PARTY_UNKNOWN, WORD_UNKNOWN, DATE_INVALID, QUERY_INVALID, with the field in the filter.
  static Result<FeedFilter> Compile(const v1::Filter& filter, const domain::PartyRegistry& parties,
                                    const domain::Vocabulary& vocabulary);

  bool with_confirmations = false;  // also changes whose only reason is `confirmed`
  bool with_backfill = true;

  // Each inner list: any of these terms; all lists must match. Empty: everything.
  const std::vector<std::vector<std::string>>& terms() const { return terms_; }
  const v1::Filter& filter() const { return filter_; }

 private:
  v1::Filter filter_;
  std::vector<std::vector<std::string>> terms_;
};

struct FeedPage {
  std::vector<v1::DescribedChange> changes;
  // Everything up to here, this one included, has been considered.
  Cursor covered_to;
  bool at_head = false;
};

// Changes above `after` that match before or after the change, in feed order, at most `limit`.
// The one way to read the feed: pages, catch-up and live all come through here.
Result<FeedPage> ReadFeed(const AnswerContext& context, const FeedFilter& filter, Cursor after,
                          std::uint32_t limit, bool with_meeting);

// Cursor just below the first change recorded on or after a UTC day or time (RFC 3339).
Result<Cursor> CursorAt(const AnswerContext& context, const std::string& day_or_time);

}  // namespace entente::views
