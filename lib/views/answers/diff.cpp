#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/meeting_diff.h"
#include "views/answers/page_token.h"
#include "views/answers/question.h"
#include "views/answers/roster.h"
#include "views/feed.h"
#include "views/feed/candidates.h"
#include "views/feed/change_rows.h"
#include "views/projection/routing.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

// What one request looks at. Between two states that are further apart, narrow the filter.
constexpr std::size_t kChangesMax = 200'000;

using ReasonsOf = std::map<std::string, std::set<v1::ChangeType::Value>>;

// Where a page ended: the pages that follow end at the same state, whatever came in between.
struct Bookmark {
  Position to;
  std::string last;
};

std::string Pack(const Bookmark& mark) { return PackU64(mark.to.value()) + mark.last; }

Result<std::optional<Bookmark>> ReadBookmark(const v1::DiffRequest& request) {
  if (request.page_token().empty()) return std::nullopt;
  const auto payload = ReadPageToken(Bound(request), request.page_token());
  if (!payload) return Fail(payload.error());
  KeyReader reader(*payload);
  const Position to(reader.U64());
  if (!reader.ok()) return Fail(Reason::kPageTokenInvalid, "page_token", "", "it is cut short");
  return Bookmark{to, payload->substr(sizeof(std::uint64_t))};
}

// One of the two states, as a question of its own. `field` is where its bound stands.
Result<Question> StateAt(const AnswerContext& context, const v1::DiffRequest& request,
                         const v1::AsOf& bound, const std::string& field) {
  if (!bound.reported().empty()) {
    return Fail(Reason::kQueryInvalid, field + ".reported", bound.reported(),
                "two states differ by what was recorded between them; what sources had said by a "
                "day bounds both, in context.as_of.reported");
  }
  v1::QueryContext asked = request.context();
  asked.mutable_as_of()->set_position(bound.position());
  asked.mutable_as_of()->set_recorded(bound.recorded());
  auto question = ReadContext(context, asked, Today::kRequired);
  if (question || question.error().field != "context.as_of.recorded") return question;
  Error error = std::move(question).error();
  error.field = field + ".recorded";
  return Fail(std::move(error));
}

struct States {
  Question before;
  Question after;
  Position from;  // 0: nothing
  Position to;
};

Result<States> ReadStates(const AnswerContext& context, const v1::DiffRequest& request,
                          const std::optional<Bookmark>& mark) {
  const v1::AsOf& as_of = request.context().as_of();
  if (as_of.position() != 0 || !as_of.recorded().empty()) {
    return Fail(Reason::kQueryInvalid, "context.as_of",
                as_of.recorded().empty() ? std::to_string(as_of.position()) : as_of.recorded(),
                "what we had recorded bounds each state by itself: in `from` and in `to`");
  }
  if (!request.has_from()) {
    return Fail(Reason::kFieldRequired, "from", "",
                "which state to begin with? Position 0 is the empty one");
  }
  auto before = StateAt(context, request, request.from(), "from");
  if (!before) return Fail(std::move(before).error());
  auto after = StateAt(context, request, request.to(), "to");
  if (!after) return Fail(std::move(after).error());
  const Position head = context.snapshot.checkpoint().position;
  const bool from_nothing = request.from().position() == 0 && request.from().recorded().empty();
  States states{*std::move(before), *std::move(after), {}, {}};
  states.from = from_nothing ? Position() : states.before.as_of.position.value_or(head);
  states.to = states.after.as_of.position.value_or(head);
  if (mark && mark->to < states.to) states.to = *(states.after.as_of.position = mark->to);
  if (states.from > states.to) {
    return Fail(Reason::kQueryInvalid, "to", std::to_string(states.to.value()),
                "the second state lies before the first one");
  }
  return states;
}

// The meetings that changed between the two states, each with why. The feed's terms are those of
// all that was said; what sources had said by a day may give others, so with that bound terms
// narrow nothing here.
Result<ReasonsOf> ChangedBetween(const AnswerContext& context, const FeedFilter& filter,
                                 const States& states) {
  const bool bounded = states.after.as_of.reported.has_value();
  FeedFilter all = bounded ? FeedFilter() : filter;
  all.with_confirmations = true;
  all.with_backfill = true;
  FeedCandidates candidates(context.snapshot, all, EndOfPosition(states.from));
  ReasonsOf changed;
  std::size_t seen = 0;
  while (true) {
    const auto change = candidates.Next();
    if (!change && candidates.paused()) continue;  // here nobody waits for a turn
    if (!change || CursorOf(*change) > EndOfPosition(states.to)) break;
    if (seen++ == kChangesMax) {
      return Fail(Reason::kQueryInvalid, "from", std::to_string(states.from.value()),
                  fmt::format("more than {} changes lie between the two states; narrow the filter, "
                              "or compare states that are closer",
                              kChangesMax));
    }
    if (!IsMeeting(change->subject())) continue;
    auto& reasons = changed[change->subject()];
    for (const int reason : change->reasons()) {
      if (reason == v1::ChangeType::confirmed) continue;
      reasons.insert(static_cast<v1::ChangeType::Value>(reason));
    }
  }
  return changed;
}

bool Fits(const AnswerContext& context, const CompiledFilter& filter, Day today,
          const std::optional<v1::Meeting>& meeting) {
  if (!meeting) return false;
  return Passes(filter, FitMeeting(filter, *meeting, PlaceOf(*meeting), today, context.parties));
}

// What the states say differently of one meeting; nullopt also where it fits in neither.
std::optional<v1::MeetingDiff> DiffOf(const AnswerContext& context, const FeedFilter& filter,
                                      const States& states, const std::string& id) {
  const auto was = states.from == Position() ? std::optional<v1::Meeting>()
                                             : FindAsAsked(context, states.before, id);
  const auto is = FindAsAsked(context, states.after, id);
  if (!Fits(context, *filter.compiled(), states.before.today, was) &&
      !Fits(context, *filter.compiled(), states.after.today, is)) {
    return std::nullopt;
  }
  return DiffMeetings(id, was ? &*was : nullptr, is ? &*is : nullptr, states.after.today,
                      context.parties, context.vocabulary);
}

}  // namespace

Result<v1::DiffReply> Answer(const AnswerContext& context, const v1::DiffRequest& request) {
  auto filter = FeedFilter::Compile(request.filter(), context.parties, context.vocabulary);
  if (!filter) return Fail(std::move(filter).error());
  const auto size = PageSize(request.page_size());
  if (!size) return Fail(size.error());
  const auto mark = ReadBookmark(request);
  if (!mark) return Fail(mark.error());
  const auto states = ReadStates(context, request, *mark);
  if (!states) return Fail(states.error());
  const auto changed = ChangedBetween(context, *filter, *states);
  if (!changed) return Fail(changed.error());

  v1::DiffReply reply;
  reply.set_from_position(states->from.value());
  reply.set_to_position(states->to.value());
  std::string last = *mark ? (*mark)->last : "";
  for (auto one = changed->upper_bound(last); one != changed->end(); ++one) {
    const auto& [id, reasons] = *one;
    auto diff = DiffOf(context, *filter, *states, id);
    if (!diff) continue;
    if (static_cast<std::uint32_t>(reply.meetings_size()) == *size) {
      reply.set_next_page_token(MakePageToken(Bound(request), Pack({states->to, last})));
      break;
    }
    last = id;
    for (const auto reason : reasons) diff->add_reasons(reason);
    *reply.add_meetings() = *std::move(diff);
  }
  *reply.mutable_answered() = AnsweredAt(context, states->after);
  return reply;
}

}  // namespace entente::views
