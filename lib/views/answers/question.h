// What every question carries, read once: the day it is asked for and the reports that exist for
// it; and what every answer carries.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "domain/dates/uncertain_date.h"
#include "domain/meeting/fold.h"
#include "entente/v1/query.pb.h"
#include "values/day.h"
#include "values/error.h"
#include "views/answer.h"
#include "views/answers/fold_cache.h"
#include "views/horizon/horizon.h"

namespace entente::views {

struct Question {
  Day today;
  // With `recorded` turned into a position as well; unbounded where the bounds lie at or beyond
  // the views' checkpoint, so that the answer can be read off the rows as they stand.
  domain::AsOf as_of;
  // Of the reports there as asked; where it is known that there are none, no meeting is looked for.
  std::optional<ReportHorizon> horizon = {};
  // What was folded for this question so far, or for others too; never nullptr.
  std::shared_ptr<FoldCache> folds;
};
// Those of earlier questions, where they are kept, or new ones.
std::shared_ptr<FoldCache> FoldsOf(const AnswerContext& context);

// FIELD_REQUIRED, DATE_INVALID, TIME_INVALID with the field in the request. `today` may be empty
// only where the answer does not turn on it.
enum class Today { kRequired, kOptional };
Result<Question> ReadContext(const AnswerContext& context, const v1::QueryContext& asked,
                             Today today);

// Of a day, or of the whole span of an EDTF expression, the last day.
Result<Day> LastDayOf(const std::string& text, const std::string& field);

// `year_unfinished` is that of an answer without a window.
v1::Answered AnsweredAt(const AnswerContext& context, const Question& question);

// True if a window reaches beyond `today` within today's year.
bool CountsUnfinishedYear(const std::optional<domain::Bounds>& window, Day today);

}  // namespace entente::views
