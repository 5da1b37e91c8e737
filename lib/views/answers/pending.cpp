#include <algorithm>
#include <iterator>
#include <optional>
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

// The first of those that wait behind a place, in order; and where all are counted, how many wait.
class Page {
 public:
  Page(const AnswerContext& context, const Question& question, const std::optional<Waiting>& last,
       std::size_t size, bool counts)
      : context_(context), question_(question), last_(last), size_(size), counts_(counts) {}

  // Whether more of those that have lapsed, or have not, are looked at.
  bool TakesMore(bool lapsed) const { return counts_ || HasRoom(lapsed); }
  // By place, of either sort; `fits`: it certainly does.
  void Offer(const ListPlace& place, MeetingState& state, bool fits) {
    const v1::Meeting& meeting = *state;
    const auto why = domain::WhyPending(meeting, question_.today);
    if (!why || (meeting.links_size() > 0 && CameOfIt(context_, question_, meeting))) return;
    Waiting waiting{place, *why, {}, fits && meeting.outcome().rivals().empty()};
    ++possible_;
    certain_ += waiting.certain ? 1 : 0;
    if (!HasRoom(waiting.lapsed()) || (last_ && !Before(*last_, waiting))) return;
    waiting.meeting = std::move(state).Take();
    (waiting.lapsed() ? lapsed_ : waiting_).push_back(std::move(waiting));
  }
  // As of another day those that lapsed are met among the others, and before it is known for how
  // many there is room behind these.
  std::vector<Waiting> Take() {
    for (Waiting& lapsed : lapsed_) {
      if (waiting_.size() == size_) break;
      waiting_.push_back(std::move(lapsed));
    }
    return std::move(waiting_);
  }
  std::uint64_t certain() const { return certain_; }
  std::uint64_t possible() const { return possible_; }

 private:
  bool HasRoom(bool lapsed) const {
    if (!lapsed && last_ && last_->lapsed()) return false;
    return waiting_.size() + (lapsed ? lapsed_.size() : 0) < size_;
  }

  const AnswerContext& context_;
  const Question& question_;
  const std::optional<Waiting>& last_;
  std::size_t size_;
  bool counts_;
  std::uint64_t certain_ = 0;
  std::uint64_t possible_ = 0;
  std::vector<Waiting> waiting_;
  std::vector<Waiting> lapsed_;
};

// As of now, from the rows of what is pending.
class Listed {
 public:
  Listed(const AnswerContext& context, const Question& question, const CompiledFilter& filter,
         Page* page)
      : context_(context), question_(question), filter_(filter), page_(*page) {}

  void Fill(Waits waits, const ListPlace* after) {
    const bool lapsed = waits == Waits::kLapsed;
    VisitPending(context_.snapshot, question_.today, waits, after, [&](const ListPlace& place) {
      batch_.push_back({.place = place, .state = {}});
      if (batch_.size() >= kStatesAtOnce) Flush();
      return page_.TakesMore(lapsed);
    });
    Flush();
  }

 private:
  static constexpr std::size_t kStatesAtOnce = 64;

  void Flush() {
    LoadStates(context_, &batch_);
    for (Match& candidate : batch_) {
      const Fit fit =
          FitMeeting(filter_, *candidate.state, candidate.place, question_.today, context_.parties);
      if (Passes(filter_, fit)) {
        page_.Offer(candidate.place, candidate.state, fit == Fit::kCertainly);
      }
    }
    batch_.clear();
  }

  const AnswerContext& context_;
  const Question& question_;
  const CompiledFilter& filter_;
  Page& page_;
  std::vector<Match> batch_;
};

void Fill(const AnswerContext& context, const Question& question, const CompiledFilter& filter,
          const std::optional<Waiting>& last, bool counts, Page* page) {
  if (question.as_of.bounded()) {
    VisitMatches(context, question, filter, false, nullptr, kEveryMatch, [&](Match& match) {
      if (match.certain || !filter.certain_only) {
        page->Offer(match.place, match.state, match.certain);
      }
      return page->TakesMore(false) || (last && last->lapsed() && page->TakesMore(true));
    });
    return;
  }
  // What is counted is looked at from the beginning; else only what may stand on this page.
  const bool behind = last && !counts;
  const bool behind_lapsed = behind && last->lapsed();
  Listed listed(context, question, filter, page);
  if (!behind_lapsed) listed.Fill(Waits::kStill, behind ? &last->place : nullptr);
  if (page->TakesMore(true)) listed.Fill(Waits::kLapsed, behind_lapsed ? &last->place : nullptr);
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

  std::optional<Waiting> last;
  if (!request.page_token().empty()) {
    const auto payload = ReadPageToken(Bound(request), request.page_token());
    if (!payload) return Fail(payload.error());
    auto unpacked = Unpack(*payload);
    if (!unpacked) return Fail(std::move(unpacked).error());
    last = *std::move(unpacked);
  }
  // One more than the page holds, if there is one.
  Page page(context, *question, last, *size + 1, request.with_counts());
  Fill(context, *question, *filter, last, request.with_counts(), &page);
  std::vector<Waiting> waiting = page.Take();
  v1::PendingReply reply;
  if (request.with_counts()) {
    reply.set_certain(page.certain());
    reply.set_possible(page.possible());
  }
  if (waiting.size() > *size) {
    waiting.pop_back();
    reply.set_next_page_token(MakePageToken(Bound(request), Pack(waiting.back())));
  }
  std::vector<v1::Meeting*> meetings;
  for (Waiting& one : waiting) {
    v1::PendingEntry& entry = *reply.add_entries();
    entry.set_why(WhyOf(one.why));
    entry.set_certain(one.certain);
    *entry.mutable_meeting() = std::move(one.meeting);
    meetings.push_back(entry.mutable_meeting());
  }
  SourceReader sources(context.snapshot);
  PrepareReplies(context, *question, Reports::kCited, &sources, meetings);
  for (v1::Meeting* meeting : meetings) SuggestSuccessor(context, *question, meeting);
  *reply.mutable_answered() = AnsweredAt(context, *question);
  return reply;
}

}  // namespace entente::views
