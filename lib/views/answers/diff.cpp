#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

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

namespace entente::views {
namespace {

// What one request looks at. Between two states that are further apart, narrow the filter.
constexpr std::size_t kChangesMax = 200'000;

using ReasonsOf = std::map<std::string, std::set<v1::ChangeType::Value>>;

v1::DiffRequest Bound(const v1::DiffRequest& request) {
  v1::DiffRequest bound = request;
  bound.clear_page_token();
  bound.clear_page_size();
  bound.mutable_context()->clear_at_least_position();
  return bound;
}

// The state asked for as a question of its own. `field` is where the bound stands.
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
  if (question || !question.error().field.starts_with("context.as_of.recorded")) return question;
  Error error = question.error();
  error.field = field + ".recorded";
  return Fail(std::move(error));
}

Position EndOfState(const AnswerContext& context, const Question& question) {
  return question.as_of.position.value_or(context.snapshot.checkpoint().position);
}

// Meetings that changed in between, each with why.
Result<ReasonsOf> ChangedBetween(const AnswerContext& context, const FeedFilter& filter,
                                 Position from, Position to) {
  FeedCandidates candidates(context.snapshot, filter.terms(), EndOfPosition(from));
  ReasonsOf changed;
  for (std::size_t seen = 0; auto change = candidates.Next(); ++seen) {
    if (CursorOf(*change) > EndOfPosition(to)) break;
    if (seen == kChangesMax) {
      return Fail(Reason::kQueryInvalid, "from", std::to_string(from.value()),
                  "more than 200,000 changes lie between the two states; narrow the filter, or "
                  "compare states that are closer");
    }
    if (!IsMeeting(change->subject())) continue;
    auto& reasons = changed[change->subject()];
    for (const int reason : change->reasons()) {
      if (reason != v1::ChangeType::confirmed) {
        reasons.insert(static_cast<v1::ChangeType::Value>(reason));
      }
    }
  }
  return changed;
}

bool Fits(const AnswerContext& context, const CompiledFilter& filter, Day today,
          const std::optional<v1::Meeting>& meeting) {
  if (!meeting) return false;
  const bool former_day = meeting->date().state() == v1::DateFact::postponed;
  const Fit fit = Both(Both(FitTerms(filter, TermsOfListed(*meeting)),
                            FitPlace(filter, PlaceOf(*meeting), former_day)),
                       FitState(filter, *meeting, today, context.parties));
  return fit == Fit::kCertainly || (fit == Fit::kPossibly && !filter.certain_only);
}

}  // namespace

Result<v1::DiffReply> Answer(const AnswerContext& context, const v1::DiffRequest& request) {
  if (!request.has_from()) {
    return Fail(Reason::kFieldRequired, "from", "", "which state to begin from? 0 is the empty one");
  }
  auto before = StateAt(context, request, request.from(), "from");
  if (!before) return Fail(before.error());
  const bool from_zero = request.from().position() == 0 && request.from().recorded().empty();
  if (from_zero) before->as_of.position = Position();
  const auto after = StateAt(context, request, request.to(), "to");
  if (!after) return Fail(after.error());
  auto filter = FeedFilter::Compile(request.filter(), context.parties, context.vocabulary);
  if (!filter) return Fail(std::move(filter.error()));
  const auto size = PageSize(request.page_size());
  if (!size) return Fail(size.error());
  std::string last;
  if (!request.page_token().empty()) {
    auto payload = ReadPageToken(Bound(request), request.page_token());
    if (!payload) return Fail(payload.error());
    last = *std::move(payload);
  }
  const Position from = EndOfState(context, *before);
  const Position to = EndOfState(context, *after);
  if (from > to) {
    return Fail(Reason::kQueryInvalid, "to", std::to_string(to.value()),
                "the second state lies before the first one");
  }
  const auto changed = ChangedBetween(context, *filter, from, to);
  if (!changed) return Fail(changed.error());

  v1::DiffReply reply;
  reply.set_from_position(from.value());
  reply.set_to_position(to.value());
  // Position 0 bounds nothing in a question, and as a state it is empty.
  const bool from_nothing = from == Position();
  for (auto one = changed->upper_bound(last); one != changed->end(); ++one) {
    const auto& [id, reasons] = *one;
    const auto was =
        from_nothing ? std::optional<v1::Meeting>() : FindAsAsked(context, *before, id);
    const auto is = FindAsAsked(context, *after, id);
    if (!Fits(context, *filter->compiled(), before->today, was) &&
        !Fits(context, *filter->compiled(), after->today, is)) {
      continue;
    }
    auto diff = DiffMeetings(id, was ? &*was : nullptr, is ? &*is : nullptr, after->today,
                             context.parties, context.vocabulary);
    if (!diff) continue;
    if (static_cast<std::uint32_t>(reply.meetings_size()) == *size) {
      reply.set_next_page_token(
          MakePageToken(Bound(request), reply.meetings(reply.meetings_size() - 1).id()));
      break;
    }
    for (const auto reason : reasons) diff->add_reasons(reason);
    *reply.add_meetings() = *std::move(diff);
  }
  *reply.mutable_answered() = AnsweredAt(context, *after);
  return reply;
}

}  // namespace entente::views
