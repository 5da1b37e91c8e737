#include "views/answers/reply_meeting.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "domain/meeting/fold.h"
#include "domain/meeting/who_takes_part.h"
#include "views/answers/successors.h"
#include "views/meetings/citations.h"
#include "views/meetings/kept_bytes.h"
#include "views/meetings/meetings.h"
#include "views/rows/key.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

// A state that links to no other turns into the same bytes as long as the day of asking is the
// same.
std::string KeyOf(const MeetingState& state, Day today) {
  return state.Row() + PackU32(DayNumber(today));
}

// As ShowMeetings puts them.
std::vector<ShownMeetings::BytesPtr> ShownBytes(const AnswerContext& context,
                                                const Question& question,
                                                std::vector<MeetingState> states) {
  std::vector<std::string> keys;
  keys.reserve(states.size());
  for (const MeetingState& state : states) keys.push_back(KeyOf(state, question.today));
  const auto kept = KeptBeside<ShownMeetings>(context.snapshot);
  auto shown = kept->Find(keys);
  std::vector<std::size_t> missing;
  std::vector<v1::Meeting> prepared;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (shown[i]) continue;
    missing.push_back(i);
    prepared.push_back(std::move(states[i]).Take());
  }
  std::vector<v1::Meeting*> meetings;
  std::vector<bool> linked;  // to others, which change on their own
  for (v1::Meeting& meeting : prepared) {
    meetings.push_back(&meeting);
    linked.push_back(!meeting.links().empty());
  }
  SourceReader sources(context.snapshot);
  PrepareReplies(context, question, Reports::kCited, &sources, meetings);
  for (std::size_t i = 0; i < missing.size(); ++i) {
    auto bytes = std::make_shared<const std::string>(prepared[i].SerializeAsString());
    if (!linked[i]) kept->Keep(std::move(keys[missing[i]]), bytes);
    shown[missing[i]] = std::move(bytes);
  }
  return shown;
}

}  // namespace

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
  FillReports(context.snapshot, sources, meetings, context.reports);
}

void PrepareReply(const AnswerContext& context, const Question& question, Reports reports,
                  SourceReader* sources, v1::Meeting* meeting) {
  PrepareReplies(context, question, reports, sources, std::span(&meeting, 1));
}

void ShowMeetings(const AnswerContext& context, const Question& question,
                  std::vector<MeetingState> states,
                  google::protobuf::RepeatedPtrField<v1::TimelineEntry>* entries) {
  if (context.reports == ReportForm::kBytes) {
    const auto shown = ShownBytes(context, question, std::move(states));
    for (std::size_t i = 0; i < shown.size(); ++i) {
      v1::TimelineEntry& entry = (*entries)[static_cast<int>(i)];
      *entry.GetReflection()->MutableUnknownFields(&entry)->AddLengthDelimited(
          v1::TimelineEntry::kMeetingFieldNumber) = *shown[i];
    }
    return;
  }
  std::vector<v1::Meeting*> meetings;
  for (std::size_t i = 0; i < states.size(); ++i) {
    v1::TimelineEntry& entry = (*entries)[static_cast<int>(i)];
    *entry.mutable_meeting() = std::move(states[i]).Take();
    meetings.push_back(entry.mutable_meeting());
  }
  SourceReader sources(context.snapshot);
  PrepareReplies(context, question, Reports::kCited, &sources, meetings);
}

}  // namespace entente::views
