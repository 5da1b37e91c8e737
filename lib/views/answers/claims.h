// What sources count and rank, beside our own count.
//
// A claim is contradicted by an earlier meeting, or by more partners than claimed, in our log. It
// is confirmed only if our log is declared complete for everything it counts over: from the first
// day of its window or year, or from the first such meeting ever, to the meeting, which must have
// been held without doubt. Anything else is open, with our count and a sentence: that our log
// holds no earlier one says nothing on whether there was one.
#pragma once

#include "entente/v1/meeting.pb.h"
#include "views/answer.h"
#include "views/answers/question.h"

namespace entente::views {

// Sets verdict, count and sentence of a claim made about a meeting; its reports are filled in.
void JudgeMeetingClaim(const AnswerContext& context, const Question& question,
                       const v1::Meeting& meeting, v1::ClaimFact* claim);
// The same for a claim about a kind, series, country or pair.
void JudgeSubjectClaim(const AnswerContext& context, const Question& question,
                       const v1::Subject& subject, v1::ClaimFact* claim);

// Counts as held, without doubt.
bool CertainlyHeld(const v1::Meeting& meeting);
// Codes of those who take part now, sorted.
std::vector<std::string> SidesOf(const v1::Meeting& meeting);

}  // namespace entente::views
