// Links of a meeting point to ids as reports gave them; this lets them point to what answers for
// those ids now.
#pragma once

#include "entente/v1/meeting.pb.h"
#include "views/answer.h"
#include "views/answers/question.h"

namespace entente::views {

// A fold sees the merges of its own component only, and which those are depends on what else was
// ever merged; so links are followed here, when all components are at hand, as of the question. A
// link that leads back to the meeting itself is dropped, two that lead to one become one.
void FollowLinks(const AnswerContext& context, const Question& question, v1::Meeting* meeting);

}  // namespace entente::views
