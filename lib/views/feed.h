// The change feed: every change of every subject by (position, ordinal), with postings for each
// term it held before or after, so that a filtered reader pays for its matches only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "entente/v1/query.pb.h"
#include "entente/v1/view.pb.h"
#include "values/error.h"
#include "values/position.h"
#include "views/answer.h"
#include "views/view_store.h"

namespace entente::views {

struct CompiledFilter;

// A filter with its names and words resolved to terms. Made once for a subscription. Copies share
// what was compiled.
class FeedFilter {
 public:
  // PARTY_UNKNOWN, WORD_UNKNOWN, DATE_INVALID, QUERY_INVALID, with the field in the filter.
  static Result<FeedFilter> Compile(const v1::Filter& filter, const domain::PartyRegistry& parties,
                                    const domain::Vocabulary& vocabulary);

  bool with_confirmations = false;  // also changes whose only reason is `confirmed`
  bool with_backfill = true;

  // Each inner list: any of these terms; all lists must match. Empty: everything. As the groups of
  // what was compiled, term by term, and behind them the types of change, if any are asked for.
  const std::vector<std::vector<std::string>>& terms() const { return terms_; }
  const v1::Filter& filter() const { return filter_; }
  // For ReadFeed; nullptr of a filter that was not compiled: everything.
  const CompiledFilter* compiled() const { return compiled_.get(); }

 private:
  v1::Filter filter_;
  std::shared_ptr<const CompiledFilter> compiled_;
  std::vector<std::vector<std::string>> terms_;
};

struct FeedPage {
  std::vector<v1::DescribedChange> changes;
  // Everything up to here, this one included, has been considered.
  Cursor covered_to;
  bool at_head = false;
  // Of a page of at most no changes: one that matches is next above covered_to.
  bool match_waits = false;
  Position head;  // of the views it was read from
  // Rows of the feed and its postings that were read to find the changes; what was read to fold
  // what their terms let through, and to put it into words, comes on top.
  std::uint64_t rows_examined = 0;
};

// Whether a change matches by what it is found under alone, before or after it. False: it does not
// match. True: it does, where days, membership and the like do not speak against it.
bool TermsMatch(const FeedFilter& filter, const v1::Change& change);

// How many candidates one call looks at before it returns, however few of them match, and at how
// many places it looks for one that several lists share: a reader with a rare filter must not hold
// up the others. It goes on from covered_to.
inline constexpr std::uint32_t kCandidatesAtOnce = 4'096;
// So it does once it has read and folded this many reports to find out whether candidates match,
// and to tell of those that do; one candidate at least.
inline constexpr std::uint64_t kReportsAtOnce = 4'096;

// Changes above `after` that match before or after the change, in feed order, at most `limit`.
// The one way to read the feed: pages, catch-up and live all come through here. A page that is
// not `at_head` may hold fewer changes than `limit`, even none: read on from `covered_to`. With a
// limit of 0 it only looks: up to below the first change that matches.
Result<FeedPage> ReadFeed(const AnswerContext& context, const FeedFilter& filter, Cursor after,
                          std::uint32_t limit, bool with_meeting);

// Cursor just below the first change recorded on or after a UTC day or time (RFC 3339).
Result<Cursor> CursorAt(const AnswerContext& context, const std::string& day_or_time);

}  // namespace entente::views
