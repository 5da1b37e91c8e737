// What came of a meeting that was put off or never heard of again, as of the question.
#pragma once

#include "entente/v1/meeting.pb.h"
#include "views/answer.h"
#include "views/answers/question.h"

namespace entente::views {

// Says of each successor that a report links to when it is or was. Follows links first.
void DescribeSuccessors(const AnswerContext& context, const Question& question,
                        v1::Meeting* meeting);
// Where none is linked: the next meeting of its kind and parties, marked as suggested.
void SuggestSuccessor(const AnswerContext& context, const Question& question, v1::Meeting* meeting);

}  // namespace entente::views
