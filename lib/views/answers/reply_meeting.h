// Makes the states of meetings fit to be answered with.
#pragma once

#include <span>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "entente/v1/query.pb.h"
#include "views/answer.h"
#include "views/answers/meeting_state.h"
#include "views/answers/question.h"
#include "views/sources/sources.h"

namespace entente::views {

// Sets the printed status, follows links to what answers for them and when that is, and fills in
// the reports with their sources: those that a fact cites, or all. The reports of a whole page are
// read together, and then its sources.
enum class Reports { kCited, kAll };
void PrepareReplies(const AnswerContext& context, const Question& question, Reports reports,
                    SourceReader* sources, std::span<v1::Meeting* const> meetings);
// The same for one.
void PrepareReply(const AnswerContext& context, const Question& question, Reports reports,
                  SourceReader* sources, v1::Meeting* meeting);

// Puts the meetings of a page in its entries, prepared with the reports that they cite: as
// messages, or where the answer is sent as it is, as their bytes, those of an earlier page where
// they are at hand.
void ShowMeetings(const AnswerContext& context, const Question& question,
                  std::vector<MeetingState> states,
                  google::protobuf::RepeatedPtrField<v1::TimelineEntry>* entries);

}  // namespace entente::views
