#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/folded_roster.h"
#include "views/answers/mention_runs.h"
#include "views/answers/page_token.h"
#include "views/answers/question.h"
#include "views/answers/reply_meeting.h"
#include "views/answers/roster.h"
#include "views/rows/key.h"
#include "views/store/lately_asked.h"

namespace entente::views {
namespace {

// So many rows are read behind a page to count what is on the others, unless all are asked for: a
// page should not take the longer the more there is behind it.
constexpr std::uint64_t kRowsToCount = 1'000;
// To count what was then, each of so many at most is folded. Of more, those on the page are counted
// and no others: folding takes far longer than reading a row.
constexpr std::uint64_t kCandidatesToFold = 500;

struct Total {
  MatchCount count;
  bool at_least = false;  // there may be more
};

// Where a page ended, and the counts of all pages as long as the views stand where they stood.
struct Bookmark {
  ListPlace last;
  Position counted_at;
  Total total;
};

std::string Pack(const Bookmark& mark) {
  return PackU64(mark.counted_at.value()) + PackU64(mark.total.count.certain) +
         PackU64(mark.total.count.possible) + (mark.total.at_least ? '\1' : '\0') +
         BytesOf(mark.last);
}

Result<Bookmark> Unpack(const std::string& packed) {
  KeyReader reader(packed);
  Bookmark mark;
  mark.counted_at = Position(reader.U64());
  mark.total.count.certain = reader.U64();
  mark.total.count.possible = reader.U64();
  mark.total.at_least = reader.U8() != 0;
  mark.last = ReadPlace(&reader);
  if (!reader.ok()) return Fail(Reason::kPageTokenInvalid, "page_token", "", "it is cut short");
  return mark;
}

// The order of two meetings is not known where their dates overlap. A postponed meeting stands at
// the day it had, on which it does not take place: nothing is before or after it.
bool Tied(const Match& a, const Match& b) {
  const auto on_its_day = [](const Match& match) {
    return IsDated(match.place) && !match.former_day;
  };
  return on_its_day(a) && on_its_day(b) && BoundsOf(a.place).Overlaps(BoundsOf(b.place));
}

// How many rows may be read for the count only.
std::uint64_t RowsToCount(const AnswerContext& context, const Question& question,
                          const CompiledFilter& filter, const v1::TimelineRequest& request) {
  if (request.count_all()) return UINT64_MAX;
  if (!question.as_of.bounded()) return kRowsToCount;
  return FoldedRoster(context, question, filter).candidates() > kCandidatesToFold ? 0
                                                                                  : kRowsToCount;
}

// Counts matches until that has taken long enough.
class Counter {
 public:
  Counter(const Snapshot& snapshot, std::uint64_t rows) : snapshot_(snapshot), rows_(rows) {}
  // From here on rows are read for the count only.
  void Begin() {
    if (begun_at_) return;
    begun_at_ = snapshot_.rows_examined();
    total_.at_least = rows_ == 0;
  }
  void Add(const Match& match) {
    if (total_.at_least) return;
    total_.count.Add(match.certain);
    total_.at_least = begun_at_ && snapshot_.rows_examined() - *begun_at_ > rows_;
  }
  // How many there are is not known, and not to be found out.
  bool gave_up() const { return total_.at_least; }
  const Total& total() const { return total_; }

 private:
  const Snapshot& snapshot_;
  std::uint64_t rows_;
  std::optional<std::uint64_t> begun_at_;
  Total total_;
};

// What first pages counted, kept as long as the views stand where they stood: a page is asked for
// more often than anything changes. By question and size. Thread-safe.
class CountedPages {
 public:
  std::optional<Total> Find(const std::string& page) {
    const std::lock_guard lock(mutex_);
    const Total* const total = totals_.Find(page);
    return total != nullptr ? std::optional(*total) : std::nullopt;
  }
  void Keep(std::string page, const Total& total) {
    const std::size_t bytes = page.size() + sizeof(Total);
    const std::lock_guard lock(mutex_);
    totals_.Keep(std::move(page), total, bytes);
  }

 private:
  static constexpr std::size_t kBytesMax = 1U << 20;
  std::mutex mutex_;
  LatelyAsked<std::string, Total> totals_{kBytesMax};
};

struct Page {
  // One more than the page holds, if there is one.
  std::vector<Match> matches;
  Total total;
};

std::optional<Total> KnownTotal(const AnswerContext& context, const Question& question,
                                const CompiledFilter& filter, const std::optional<Bookmark>& mark) {
  if (const auto count = CountAtOnce(context, question, filter)) return Total{*count, false};
  const bool stands = mark && mark->counted_at == context.snapshot.checkpoint().position;
  return stands ? std::optional(mark->total) : std::nullopt;
}

Page Turn(const AnswerContext& context, const Question& question, const CompiledFilter& filter,
          const v1::TimelineRequest& request, std::uint32_t size,
          const std::optional<Bookmark>& mark) {
  Page page;
  std::optional<Total> known = KnownTotal(context, question, filter, mark);
  const ListPlace* const after = mark ? &mark->last : nullptr;
  const bool first = !known && after == nullptr;
  const auto counted = first ? SharedIn<CountedPages>(context.snapshot.memo()) : nullptr;
  std::string asked = first ? PackU32(size) + Bound(request).SerializeAsString() : "";
  if (first) known = counted->Find(asked);
  Counter counter(context.snapshot, known ? 0 : RowsToCount(context, question, filter, request));
  const bool counts = !known && after == nullptr;
  VisitMatches(context, question, filter, request.newest_first(), after, size + 1,
               [&](Match& match) {
                 if (counts) counter.Add(match);
                 if (page.matches.size() <= size && (match.certain || !filter.certain_only)) {
                   page.matches.push_back(std::move(match));
                   if (page.matches.size() > size) counter.Begin();
                 }
                 // One match behind the page is enough, but for the count.
                 return page.matches.size() <= size || (counts && !counter.gave_up());
               });
  if (!known && !counts) {
    // The views moved on between two pages.
    VisitMatches(context, question, filter, false, nullptr, size + 1, [&](Match& match) {
      counter.Add(match);
      if (counter.total().count.possible > size) counter.Begin();
      return !counter.gave_up();
    });
  }
  page.total = known ? *known : counter.total();
  if (counts) counted->Keep(std::move(asked), page.total);
  return page;
}

}  // namespace

Result<v1::TimelineReply> Answer(const AnswerContext& context, const v1::TimelineRequest& request) {
  auto question = ReadContext(context, request.context(), Today::kRequired);
  if (!question) return Fail(std::move(question.error()));
  auto filter = CompileFilter(request.filter(), context.parties, context.vocabulary);
  if (!filter) return Fail(std::move(filter.error()));
  const auto size = PageSize(request.page_size());
  if (!size) return Fail(size.error());
  std::optional<Bookmark> mark;
  if (!request.page_token().empty()) {
    const auto payload = ReadPageToken(Bound(request), request.page_token());
    if (!payload) return Fail(payload.error());
    auto unpacked = Unpack(*payload);
    if (!unpacked) return Fail(std::move(unpacked.error()));
    mark = std::move(*unpacked);
  }

  Page page = Turn(context, *question, *filter, request, *size, mark);
  v1::TimelineReply reply;
  reply.set_certain(page.total.count.certain);
  reply.set_possible(page.total.count.possible);
  reply.set_at_least(page.total.at_least);
  const std::size_t entries = std::min<std::size_t>(page.matches.size(), *size);
  if (page.matches.size() > entries) {
    reply.set_next_page_token(
        MakePageToken(Bound(request), Pack({page.matches[entries - 1].place,
                                            context.snapshot.checkpoint().position, page.total})));
  }
  for (std::size_t i = 0; i < entries; ++i) {
    v1::TimelineEntry& entry = *reply.add_entries();
    entry.set_tied_with_next(i + 1 < page.matches.size() &&
                             Tied(page.matches[i], page.matches[i + 1]));
    entry.set_certain(page.matches[i].certain);
  }
  page.matches.resize(entries);
  LoadStates(context, &page.matches);
  std::vector<MeetingState> states;
  states.reserve(entries);
  for (Match& match : page.matches) states.push_back(std::move(match.state));
  ShowMeetings(context, *question, std::move(states), reply.mutable_entries());
  if (request.candidates() && request.page_token().empty()) {
    AddCandidates(context, *question, request.filter(), *filter, &reply);
  }
  *reply.mutable_answered() = AnsweredAt(context, *question);
  reply.mutable_answered()->mutable_horizon()->set_year_unfinished(
      CountsUnfinishedYear(filter->window, question->today));
  return reply;
}

}  // namespace entente::views
