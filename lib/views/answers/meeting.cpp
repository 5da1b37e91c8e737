#include "views/answer.h"
#include "views/answers/claims.h"
#include "views/answers/question.h"
#include "views/answers/reply_meeting.h"
#include "views/answers/roster.h"
#include "views/answers/successors.h"

namespace entente::views {

Result<v1::MeetingReply> Answer(const AnswerContext& context, const v1::MeetingRequest& request) {
  auto question = ReadContext(context, request.context(), Today::kRequired);
  if (!question) return Fail(std::move(question.error()));
  const std::string& asked = request.id();
  if (asked.empty()) return Fail(Reason::kFieldRequired, "id", "", "which meeting?");
  const std::string id = asked.starts_with("meeting/") ? asked : "meeting/" + asked;

  auto meeting = FindAsAsked(context, *question, id);
  if (!meeting) {
    return Fail(Reason::kNotFound, "id", asked,
                question->as_of.bounded() ? "no report on such a meeting was there as of then"
                                          : "no report on such a meeting is there");
  }
  v1::MeetingReply reply;
  *reply.mutable_meeting() = std::move(*meeting);
  v1::Meeting& answer = *reply.mutable_meeting();
  if (answer.id() != id) answer.set_asked_as(id);
  SourceReader sources(context.snapshot);
  PrepareReply(context, *question, Reports::kAll, &sources, &answer);
  SuggestSuccessor(context, *question, &answer);
  for (v1::ClaimFact& claim : *answer.mutable_claims()) {
    JudgeMeetingClaim(context, *question, answer, &claim);
  }
  *reply.mutable_answered() = AnsweredAt(context, *question);
  return reply;
}

}  // namespace entente::views
