#include "views/feed/read_feed.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "views/feed/candidates.h"
#include "views/feed/change_rows.h"
#include "views/feed/change_source.h"
#include "views/feed/describe_change.h"
#include "views/feed/feed_match.h"
#include "views/feed/why_matched.h"
#include "views/recorded/recorded.h"

namespace entente::views {
namespace {

class StoredChanges final : public ChangeSource {
 public:
  StoredChanges(const AnswerContext& context, const FeedFilter& filter, const Cursor& after)
      : candidates_(context.snapshot, filter, after), reader_(context) {}

  const v1::Change* Next() override {
    seen_.reset();
    change_ = candidates_.Next();
    return change_ ? &*change_ : nullptr;
  }
  std::optional<Cursor> Paused() const override { return candidates_.paused(); }
  const SeenChange& See() override {
    if (!seen_) seen_ = reader_.See(*change_);
    return *seen_;
  }
  v1::DescribedChange Describe(bool with_meeting, Day today) override {
    (void)See();
    return reader_.Describe(*std::exchange(seen_, std::nullopt), with_meeting, today);
  }
  std::uint64_t reports() const override { return reader_.reports(); }
  std::uint64_t rows_examined() const { return candidates_.rows_examined(); }

 private:
  FeedCandidates candidates_;
  ChangeReader reader_;
  std::optional<v1::Change> change_;
  std::optional<SeenChange> seen_;
};

// The last place below a change.
Cursor Below(const Cursor& cursor) {
  if (cursor.ordinal == Ordinal()) return EndOfPosition(Position(cursor.position.value() - 1));
  return {cursor.position, Ordinal(static_cast<std::uint16_t>(cursor.ordinal.value() - 1))};
}

}  // namespace

FeedPage ReadFrom(ChangeSource* source, const FeedFilter& filter,
                  const domain::PartyRegistry& parties, const FeedSlice& slice) {
  FeedPage page;
  page.covered_to = slice.after;
  const bool only_look = slice.limit == 0;
  for (std::uint32_t looked_at = 0; only_look || page.changes.size() < slice.limit; ++looked_at) {
    if (looked_at == kCandidatesAtOnce || source->reports() >= kReportsAtOnce) break;
    const v1::Change* const change = source->Next();
    const auto paused = source->Paused();
    if (change == nullptr && paused && *paused <= slice.until) {
      page.covered_to = std::max(page.covered_to, Below(*paused));
      break;
    }
    if (change == nullptr || CursorOf(*change) > slice.until) {
      page.at_head = true;
      page.covered_to = std::max(slice.after, slice.until);
      break;
    }
    const bool matches = TermsMatch(filter, *change) && StatesMatch(filter, source->See(), parties);
    if (matches && only_look) {
      page.match_waits = true;
      page.covered_to = std::max(slice.after, Below(CursorOf(*change)));
      break;
    }
    page.covered_to = CursorOf(*change);
    if (!matches) continue;
    const auto why = WhyMatched(filter, source->See(), parties);
    page.changes.push_back(source->Describe(slice.with_meeting, slice.today));
    for (const std::string& one : why) page.changes.back().add_matched(one);
  }
  return page;
}

Result<FeedPage> ReadFeedSlice(const AnswerContext& context, const FeedFilter& filter,
                               const FeedSlice& slice) {
  StoredChanges source(context, filter, slice.after);
  FeedPage page = ReadFrom(&source, filter, context.parties, slice);
  page.head = context.snapshot.checkpoint().position;
  page.rows_examined = source.rows_examined();
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
