#include <algorithm>
#include <vector>

#include "domain/meeting/fold.h"
#include "domain/meeting/successor.h"
#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/page_token.h"
#include "views/answers/question.h"
#include "views/answers/reply_meeting.h"
#include "views/answers/roster.h"
#include "views/answers/successors.h"
#include "views/meetings/meetings.h"
#include "views/pending/pending.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

struct Waiting {
  ListPlace place;
  domain::Pending why;
  v1::Meeting meeting;
  bool certain = false;

  bool lapsed() const { return why == domain::Pending::kLapsed; }
};

// Those that have lapsed stand apart, behind all others.
bool Before(const Waiting& a, const Waiting& b) {
  if (a.lapsed() != b.lapsed()) return b.lapsed();
  return a.place < b.place;
}

v1::PendingEntry::Why WhyOf(domain::Pending why) {
  switch (why) {
    case domain::Pending::kPostponed:
      return v1::PendingEntry::postponed;
    case domain::Pending::kCalledOff:
      return v1::PendingEntry::called_off;
    case domain::Pending::kUndated:
      return v1::PendingEntry::undated;
    default:
      return v1::PendingEntry::lapsed;
  }
}

// Nobody waits any longer for what a source says has been held since under another name.
bool CameOfIt(const AnswerContext& context, const Question& question, const v1::Meeting& meeting) {
  v1::Meeting links;
  links.set_id(meeting.id());
  *links.mutable_links() = meeting.links();
  DescribeSuccessors(context, question, &links);
  return domain::WasFollowed(links);
}

std::vector<Waiting> FindWaiting(const AnswerContext& context, const Question& question,
                                 const CompiledFilter& filter) {
  std::vector<Waiting> all;
  const auto take = [&](v1::Meeting& meeting, bool fits) {
    if (filter.certain_only && !fits) return;
    const auto why = domain::WhyPending(meeting, question.today);
    if (!why || (meeting.links_size() > 0 && CameOfIt(context, question, meeting))) return;
    ListPlace place = PlaceOf(meeting);
    const bool certain = fits && meeting.outcome().rivals().empty();
    all.push_back({std::move(place), *why, std::move(meeting), certain});
  };
  if (question.as_of.bounded()) {
    VisitStates(context, question, filter, take);
  } else {
    std::vector<Match> candidates;
    VisitPending(context.snapshot, question.today, [&](const ListPlace& place) {
      candidates.push_back({place, false, std::nullopt});
      return true;
    });
    LoadStates(context, &candidates);
    for (Match& candidate : candidates) {
      v1::Meeting& meeting = *candidate.state;
      const bool former_day = meeting.date().state() == v1::DateFact::postponed;
      const Fit fit = Both(FitTerms(filter, TermsOfListed(meeting)),
                           Both(FitPlace(filter, candidate.place, former_day),
                                FitState(filter, meeting, question.today, context.parties)));
      if (fit != Fit::kNo) take(meeting, fit == Fit::kCertainly);
    }
  }
  std::ranges::sort(all, Before);
  return all;
}

std::string Pack(const Waiting& last) {
  return std::string(1, last.lapsed() ? '\1' : '\0') + BytesOf(last.place);
}

Result<Waiting> Unpack(const std::string& packed) {
  KeyReader reader(packed);
  Waiting last;
  last.why = reader.U8() != 0 ? domain::Pending::kLapsed : domain::Pending::kPostponed;
  last.place = ReadPlace(&reader);
  if (!reader.ok()) return Fail(Reason::kPageTokenInvalid, "page_token", "", "it is cut short");
  return last;
}

}  // namespace

Result<v1::PendingReply> Answer(const AnswerContext& context, const v1::PendingRequest& request) {
  auto question = ReadContext(context, request.context(), Today::kRequired);
  if (!question) return Fail(std::move(question.error()));
  auto filter = CompileFilter(request.filter(), context.parties, context.vocabulary);
  if (!filter) return Fail(std::move(filter.error()));
  const auto size = PageSize(request.page_size());
  if (!size) return Fail(size.error());

  auto waiting = FindWaiting(context, *question, *filter);
  auto first = waiting.begin();
  if (!request.page_token().empty()) {
    const auto payload = ReadPageToken(Bound(request), request.page_token());
    if (!payload) return Fail(payload.error());
    const auto last = Unpack(*payload);
    if (!last) return Fail(last.error());
    first = std::ranges::upper_bound(waiting, *last, Before);
  }
  v1::PendingReply reply;
  reply.set_possible(waiting.size());
  reply.set_certain(static_cast<std::uint64_t>(std::ranges::count_if(waiting, &Waiting::certain)));
  SourceReader sources(context.snapshot);
  for (; first != waiting.end(); ++first) {
    if (reply.entries_size() == static_cast<int>(*size)) {
      reply.set_next_page_token(MakePageToken(Bound(request), Pack(*std::prev(first))));
      break;
    }
    v1::PendingEntry& entry = *reply.add_entries();
    entry.set_why(WhyOf(first->why));
    entry.set_certain(first->certain);
    *entry.mutable_meeting() = std::move(first->meeting);
    PrepareReply(context, *question, Reports::kCited, &sources, entry.mutable_meeting());
    SuggestSuccessor(context, *question, entry.mutable_meeting());
  }
  *reply.mutable_answered() = AnsweredAt(context, *question);
  return reply;
}

}  // namespace entente::views
