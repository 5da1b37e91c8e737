#include <algorithm>
#include <vector>

#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/mention_runs.h"
#include "views/answers/page_token.h"
#include "views/answers/question.h"
#include "views/answers/reply_meeting.h"
#include "views/answers/roster.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

// Where a page ended, and the counts of all pages as long as the views stand where they stood.
struct Bookmark {
  ListPlace last;
  Position counted_at;
  MatchCount count;
};

std::string Pack(const Bookmark& mark) {
  return PackU64(mark.counted_at.value()) + PackU64(mark.count.certain) +
         PackU64(mark.count.possible) + BytesOf(mark.last);
}

Result<Bookmark> Unpack(const std::string& packed) {
  KeyReader reader(packed);
  Bookmark mark;
  mark.counted_at = Position(reader.U64());
  mark.count.certain = reader.U64();
  mark.count.possible = reader.U64();
  mark.last = ReadPlace(&reader);
  if (!reader.ok()) return Fail(Reason::kPageTokenInvalid, "page_token", "", "it is cut short");
  return mark;
}

// The order of two meetings is not known where their dates overlap. A postponed meeting stands at
// the day it had, on which it does not take place: nothing is before or after it.
bool Tied(const Match& a, const Match& b) {
  const auto on_its_day = [](const Match& match) {
    return IsDated(match.place) && match.state->date().state() != v1::DateFact::postponed;
  };
  return on_its_day(a) && on_its_day(b) && BoundsOf(a.place).Overlaps(BoundsOf(b.place));
}

struct Page {
  // One more than the page holds, if there is one.
  std::vector<Match> matches;
  MatchCount count;
};

Page Turn(const AnswerContext& context, const Question& question, const CompiledFilter& filter,
          const v1::TimelineRequest& request, std::uint32_t size,
          const std::optional<Bookmark>& mark) {
  Page page;
  std::optional<MatchCount> known = CountAtOnce(context, question, filter);
  if (!known && mark && mark->counted_at == context.snapshot.checkpoint().position) {
    known = mark->count;
  }
  const ListPlace* const after = mark ? &mark->last : nullptr;
  const auto visit = [&](Match& match) {
    ++page.count.possible;
    if (match.certain) ++page.count.certain;
    if (filter.certain_only && !match.certain) return true;
    if (after != nullptr && !StandsBefore(*after, match.place, request.newest_first())) return true;
    if (page.matches.size() <= size) page.matches.push_back(std::move(match));
    // With the counts known, one match behind the page is enough.
    return !(known && page.matches.size() > size);
  };
  VisitMatches(context, question, filter, request.newest_first(), known ? after : nullptr, visit);
  if (known) page.count = *known;
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
  reply.set_certain(page.count.certain);
  reply.set_possible(page.count.possible);
  const std::size_t entries = std::min<std::size_t>(page.matches.size(), *size);
  if (page.matches.size() > entries) {
    reply.set_next_page_token(
        MakePageToken(Bound(request), Pack({page.matches[entries - 1].place,
                                            context.snapshot.checkpoint().position, page.count})));
  }
  LoadStates(context, &page.matches);
  SourceReader sources(context.snapshot);
  for (std::size_t i = 0; i < entries; ++i) {
    v1::TimelineEntry& entry = *reply.add_entries();
    entry.set_tied_with_next(i + 1 < page.matches.size() &&
                             Tied(page.matches[i], page.matches[i + 1]));
    *entry.mutable_meeting() = std::move(*page.matches[i].state);
    PrepareReply(context, *question, Reports::kCited, &sources, entry.mutable_meeting());
    entry.set_certain(page.matches[i].certain);
  }
  if (request.candidates() && request.page_token().empty()) {
    AddCandidates(context, *question, request.filter(), *filter, &reply);
  }
  *reply.mutable_answered() = AnsweredAt(context, *question);
  reply.mutable_answered()->mutable_horizon()->set_year_unfinished(
      CountsUnfinishedYear(filter->window, question->today));
  return reply;
}

}  // namespace entente::views
