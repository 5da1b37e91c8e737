// What machine-coded rows say of the pairs that a filter lets through.
#pragma once

#include "entente/v1/query.pb.h"
#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/question.h"

namespace entente::views {

// At most this many, the earliest.
inline constexpr int kCandidatesMax = 1000;

// Fills in `candidates`. A row has neither kind nor series, topic nor status, so a filter that asks
// for one, or for what is certain, lets none through.
void AddCandidates(const AnswerContext& context, const Question& question, const v1::Filter& asked,
                   const CompiledFilter& filter, v1::TimelineReply* reply);

}  // namespace entente::views
