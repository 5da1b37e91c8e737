#include "domain/event/stream_name.h"
#include "domain/meeting/fold.h"
#include "views/answer.h"
#include "views/answers/claims.h"
#include "views/answers/question.h"
#include "views/reports/reports.h"
#include "views/sources/sources.h"

namespace entente::views {

Result<v1::SubjectReply> Answer(const AnswerContext& context, const v1::SubjectRequest& request) {
  auto question = ReadContext(context, request.context(), Today::kOptional);
  if (!question) return Fail(std::move(question.error()));
  const auto name = domain::ParseStreamName(request.id());
  if (!name) return Fail(Error(name.error()).At("id"));
  if (name->kind == domain::StreamKind::kMeeting || name->kind == domain::StreamKind::kAdmin) {
    return Fail(Reason::kQueryInvalid, "id", request.id(),
                "a subject is series/…, kind/…, country/… or pair/…; ask for a meeting as such");
  }
  const auto reports = ReportsOf(context.snapshot, request.id());
  v1::SubjectReply reply;
  v1::Subject& subject = *reply.mutable_subject();
  subject = domain::FoldSubject(request.id(), reports, question->as_of, context.parties,
                                context.vocabulary);
  if (subject.reports_size() == 0) {
    return Fail(Reason::kNotFound, "id", request.id(), "no report on it is there as asked");
  }
  for (v1::ClaimFact& claim : *subject.mutable_claims()) {
    JudgeSubjectClaim(context, *question, subject, &claim);
  }
  SourceReader sources(context.snapshot);
  for (v1::Report& report : *subject.mutable_reports()) sources.Fill(&report);
  *reply.mutable_answered() = AnsweredAt(context, *question);
  return reply;
}

}  // namespace entente::views
