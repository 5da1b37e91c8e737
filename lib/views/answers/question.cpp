#include "views/answers/question.h"

#include <algorithm>

#include "domain/dates/uncertain_date.h"
#include "views/answers/roster.h"
#include "views/recorded/recorded.h"

namespace entente::views {
namespace {

// Of one question: the successors of all that wait are looked for among the same few.
constexpr std::size_t kFoldsOfOneBytes = 64U << 20;

// The end of a UTC day, or a time.
Result<RecordedTime> RecordedUntil(const std::string& text) {
  if (const auto day = Day::FromIso(text)) return EndOfDay(*day);
  if (const auto time = RecordedTimeFromRfc3339(text)) return *time;
  return Fail(Reason::kTimeInvalid, "context.as_of.recorded", text,
              "neither a day such as 2021-05-05 nor a time such as 2021-05-05T09:30:00Z");
}

}  // namespace

std::shared_ptr<FoldCache> FoldsOf(const AnswerContext& context) {
  return context.folds ? context.folds : std::make_shared<FoldCache>(kFoldsOfOneBytes);
}

Result<Day> LastDayOf(const std::string& text, const std::string& field) {
  const auto date = domain::UncertainDate::Parse(text);
  if (!date) return Fail(Error(date.error()).At(field));
  return date->bounds().latest;
}

Result<Question> ReadContext(const AnswerContext& context, const v1::QueryContext& asked,
                             Today today) {
  Question question;
  question.folds = FoldsOf(context);
  if (!asked.today().empty()) {
    const auto day = Day::FromIso(asked.today());
    if (!day) {
      return Fail(Reason::kDateInvalid, "context.today", asked.today(),
                  "no day of the form 2021-05-05");
    }
    question.today = *day;
  } else if (today == Today::kRequired) {
    return Fail(Reason::kFieldRequired, "context.today", "",
                "what has lapsed depends on the day of asking, and services have no today");
  }
  const Position head = context.snapshot.checkpoint().position;
  Position until = head;
  if (asked.as_of().position() != 0) until = std::min(until, Position(asked.as_of().position()));
  if (!asked.as_of().recorded().empty()) {
    const auto time = RecordedUntil(asked.as_of().recorded());
    if (!time) return Fail(time.error());
    until = std::min(until, LastRecordedUntil(context.snapshot, *time));
  }
  if (until < head) question.as_of.position = until;
  if (!asked.as_of().reported().empty()) {
    const auto day = LastDayOf(asked.as_of().reported(), "context.as_of.reported");
    if (!day) return Fail(day.error());
    question.as_of.reported = ReportedDay(*day);
  }
  question.horizon =
      ReadHorizon(context.snapshot, question.as_of.position, question.as_of.reported);
  return question;
}

v1::Answered AnsweredAt(const AnswerContext& context, const Question& question) {
  v1::Answered answered;
  answered.set_position(context.snapshot.checkpoint().position.value());
  answered.set_generation(context.snapshot.generation());
  const ReportHorizon reports =
      question.horizon
          ? *question.horizon
          : ReadHorizon(context.snapshot, question.as_of.position, question.as_of.reported);
  v1::Horizon& horizon = *answered.mutable_horizon();
  horizon.set_reports(reports.reports);
  if (reports.reports > 0) {
    horizon.set_reports_from(reports.from.Iso());
    horizon.set_reports_to(reports.to.Iso());
  }
  if (const auto first = FirstMeetingDay(context, question)) {
    horizon.set_first_meeting(first->Iso());
  }
  horizon.set_year_unfinished(CountsUnfinishedYear({}, question.today));
  answered.set_rows_examined(context.snapshot.rows_examined());
  return answered;
}

bool CountsUnfinishedYear(const std::optional<domain::Bounds>& window, Day today) {
  if (!today.finite()) return false;
  const int year = static_cast<int>(today.ymd().year());
  const auto last = Day::FromYmd(year, 12, 31);
  if (!last || today >= *last) return false;
  const auto first = Day::FromYmd(year, 1, 1);
  return !window || window->Overlaps({*first, *last});
}

}  // namespace entente::views
