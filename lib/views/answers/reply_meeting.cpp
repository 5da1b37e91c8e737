#include "views/answers/reply_meeting.h"

#include "domain/meeting/fold.h"
#include "views/answers/claims.h"
#include "views/answers/successors.h"
#include "views/meetings/citations.h"
#include "views/meetings/meetings.h"

namespace entente::views {

void PrepareReply(const AnswerContext& context, const Question& question, Reports reports,
                  SourceReader* sources, v1::Meeting* meeting) {
  // Before reports are dropped: the status turns on who said what.
  meeting->set_status(domain::PrintedStatus(*meeting, question.today));
  meeting->set_multi_party(SidesOf(*meeting).size() > 2);
  DescribeSuccessors(context, question, meeting);
  if (reports == Reports::kCited) KeepCitedReports(meeting);
  FillReports(context.snapshot, sources, meeting);
}

}  // namespace entente::views
