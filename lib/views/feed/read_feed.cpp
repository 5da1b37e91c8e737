#include "views/feed/read_feed.h"

#include <algorithm>
#include <set>

#include "views/answers/filter.h"
#include "views/feed/candidates.h"
#include "views/feed/change_rows.h"
#include "views/feed/describe_change.h"
#include "views/projection/routing.h"
#include "views/recorded/recorded.h"

namespace entente::views {
namespace {

using TermList = google::protobuf::RepeatedPtrField<std::string>;

bool HasOneOf(const TermList& held, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(
      wanted, [&](const std::string& term) { return std::ranges::find(held, term) != held.end(); });
}

bool OnlyConfirms(const v1::Change& change) {
  return change.reasons_size() == 1 && change.reasons(0) == v1::ChangeType::confirmed;
}

class Matcher {
 public:
  Matcher(const AnswerContext& context, const FeedFilter& filter, const FeedSlice& slice)
      : context_(context), filter_(filter), slice_(slice), reader_(context) {
    const auto& types = filter.filter().change_types();
    wants_confirmations_ = filter.with_confirmations ||
                           std::ranges::find(types, v1::ChangeType::confirmed) != types.end();
  }

  // The change as it is told, or nothing if it does not match.
  std::optional<v1::DescribedChange> Match(const v1::Change& change) {
    if (change.backfill() && !filter_.with_backfill) return std::nullopt;
    if (OnlyConfirms(change) && !wants_confirmations_) return std::nullopt;
    if (!TypeFits(change)) return std::nullopt;
    const bool before = TermsFit(change.terms_before());
    const bool after = TermsFit(change.terms_after());
    if (!before && !after) return std::nullopt;
    auto states = reader_.FoldAround(change);
    if (!StatesFit(before, after, states)) return std::nullopt;
    auto described = reader_.Describe(change, std::move(states), slice_.with_meeting, slice_.today);
    for (std::string& term : MatchedTerms(change)) described.add_matched(std::move(term));
    return described;
  }

 private:
  const CompiledFilter* compiled() const { return filter_.compiled(); }

  bool TypeFits(const v1::Change& change) const {
    return compiled() == nullptr || compiled()->change_types.empty() ||
           HasOneOf(change.terms_after(), compiled()->change_types);
  }

  // All groups but that of change types, which belong to no state.
  bool TermsFit(const TermList& held) const {
    if (compiled() == nullptr) return true;
    return std::ranges::all_of(compiled()->groups, [&](const CompiledFilter::Group& group) {
      return std::ranges::any_of(group.terms, [&](const Term& term) {
        const std::string text = TermText(term.kind, term.name);
        return std::ranges::find(held, text) != held.end();
      });
    });
  }

  // What terms do not say: days, statuses without a term of their own, membership.
  bool StatesFit(bool before, bool after, const std::optional<BeforeAndAfter>& states) const {
    if (compiled() == nullptr ||
        (!compiled()->window && !compiled()->NeedsState() && !compiled()->certain_only)) {
      return true;
    }
    if (!states) return !compiled()->window;
    return (before && StateFits(states->before)) || (after && StateFits(states->after));
  }

  bool StateFits(const v1::Meeting& meeting) const {
    if (meeting.id().empty()) return false;
    const bool former_day = meeting.date().state() == v1::DateFact::postponed;
    const Fit fit = Both(Both(FitTerms(*compiled(), TermsOfListed(meeting)),
                              FitPlace(*compiled(), PlaceOf(meeting), former_day)),
                         FitState(*compiled(), meeting, Day::BeforeAll(), context_.parties));
    return fit == Fit::kCertainly || (fit == Fit::kPossibly && !compiled()->certain_only);
  }

  std::set<std::string> MatchedSet(const v1::Change& change) const {
    std::set<std::string> matched;
    for (const auto& group : filter_.terms()) {
      for (const std::string& term : group) {
        if (HasOneOf(change.terms_before(), {term}) || HasOneOf(change.terms_after(), {term})) {
          matched.insert(term);
        }
      }
    }
    return matched;
  }
  std::vector<std::string> MatchedTerms(const v1::Change& change) const {
    const auto matched = MatchedSet(change);
    return {matched.begin(), matched.end()};
  }

  const AnswerContext& context_;
  const FeedFilter& filter_;
  const FeedSlice& slice_;
  ChangeReader reader_;
  bool wants_confirmations_ = false;
};

}  // namespace

Result<FeedPage> ReadFeedSlice(const AnswerContext& context, const FeedFilter& filter,
                               const FeedSlice& slice) {
  FeedPage page;
  page.covered_to = slice.after;
  FeedCandidates candidates(context.snapshot, filter.terms(), slice.after);
  Matcher matcher(context, filter, slice);
  for (std::uint32_t looked_at = 0; page.changes.size() < slice.limit; ++looked_at) {
    if (looked_at == kCandidatesAtOnce) break;
    auto change = candidates.Next();
    if (!change || CursorOf(*change) > slice.until) {
      page.at_head = true;
      page.covered_to = std::max(slice.after, slice.until);
      break;
    }
    if (auto described = matcher.Match(*change)) page.changes.push_back(std::move(*described));
    page.covered_to = CursorOf(*change);
  }
  page.rows_examined = candidates.rows_examined();
  return page;
}

Result<FeedPage> ReadFeed(const AnswerContext& context, const FeedFilter& filter, Cursor after,
                          std::uint32_t limit, bool with_meeting) {
  FeedSlice slice;
  slice.after = after;
  slice.until = EndOfPosition(context.snapshot.checkpoint().position);
  slice.limit = limit;
  slice.with_meeting = with_meeting;
  return ReadFeedSlice(context, filter, slice);
}

Result<Cursor> CursorAt(const AnswerContext& context, const std::string& day_or_time) {
  std::optional<RecordedTime> time;
  if (const auto day = Day::FromIso(day_or_time)) {
    time = StartOfDay(*day);
  } else {
    time = RecordedTimeFromRfc3339(day_or_time);
  }
  if (!time) {
    return Fail(Reason::kTimeInvalid, "", day_or_time,
                "neither a day such as 2021-05-05 nor a time such as 2021-05-05T09:30:00Z");
  }
  const auto first = FirstRecordedFrom(context.snapshot, *time);
  if (!first) return EndOfPosition(context.snapshot.checkpoint().position);
  return EndOfPosition(Position(first->value() - 1));
}

}  // namespace entente::views
