#include "views/answers/reply_meeting.h"

#include <algorithm>

#include "domain/meeting/fold.h"
#include "domain/meeting/who_takes_part.h"
#include "views/answers/successors.h"
#include "views/meetings/citations.h"
#include "views/meetings/meetings.h"

namespace entente::views {

void PrepareReplies(const AnswerContext& context, const Question& question, Reports reports,
                    SourceReader* sources, std::span<v1::Meeting* const> meetings) {
  for (v1::Meeting* meeting : meetings) {
    // Before reports are dropped: the status turns on who said what.
    meeting->set_status(domain::PrintedStatus(*meeting, question.today));
    const auto sides = std::ranges::count_if(
        meeting->parties(), [](const v1::PartyFact& party) { return domain::IsSide(party); });
    meeting->set_multi_party(sides > 2);
    DescribeSuccessors(context, question, meeting);
    if (reports == Reports::kCited) KeepCitedReports(meeting);
  }
  FillReports(context.snapshot, sources, meetings);
}

void PrepareReply(const AnswerContext& context, const Question& question, Reports reports,
                  SourceReader* sources, v1::Meeting* meeting) {
  PrepareReplies(context, question, reports, sources, std::span(&meeting, 1));
}

}  // namespace entente::views
