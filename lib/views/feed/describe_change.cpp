#include "views/feed/describe_change.h"

#include "domain/words/describe.h"
#include "views/answers/reply_meeting.h"
#include "views/projection/routing.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

constexpr std::size_t kComponentsKept = 64;

v1::Meeting FoldUpTo(const AnswerContext& context, const ComponentReports& component,
                     const std::string& id, Position position) {
  domain::AsOf as_of;
  as_of.position = position;
  auto folded = FoldComponent(component, as_of, context.parties, context.vocabulary);
  for (v1::Meeting& meeting : folded.meetings) {
    if (meeting.id() == id) return std::move(meeting);
  }
  return {};
}

}  // namespace

const ComponentReports& ChangeReader::ComponentOf(const std::string& subject) {
  const auto known = components_.find(subject);
  if (known != components_.end()) return known->second;
  if (components_.size() >= kComponentsKept) components_.clear();
  return components_.emplace(subject, ReadComponent(context_.snapshot, subject)).first->second;
}

std::optional<BeforeAndAfter> ChangeReader::FoldAround(const v1::Change& change) {
  if (!IsMeeting(change.subject())) return std::nullopt;
  const ComponentReports& component = ComponentOf(change.subject());
  const Position position(change.position());
  const Position earlier(change.position() - 1);
  return BeforeAndAfter{FoldUpTo(context_, component, change.subject(), earlier),
                        FoldUpTo(context_, component, change.subject(), position)};
}

std::optional<v1::Report> ChangeReader::ReportOf(const v1::Change& change) {
  if (!IsMeeting(change.subject())) {
    return FindReport(context_.snapshot, change.subject(), Position(change.position()));
  }
  // It may lie under another stream of the component.
  for (const v1::Report& report : ComponentOf(change.subject()).reports) {
    if (report.position() == change.position()) return report;
  }
  return std::nullopt;
}

v1::DescribedChange ChangeReader::Describe(const v1::Change& change,
                                           std::optional<BeforeAndAfter> states, bool with_meeting,
                                           Day today) {
  v1::DescribedChange described;
  *described.mutable_change() = change;
  auto report = ReportOf(change);
  if (report) {
    sources_.Fill(&*report);
    *described.mutable_source() = report->source();
    *described.mutable_recorded() = report->recorded();
    described.set_reported(report->reported());
    described.set_text(
        states
            ? domain::ChangeInWords(change, states->before, states->after, *report,
                                    context_.parties, context_.vocabulary)
            : domain::SubjectChangeInWords(change, *report, context_.parties, context_.vocabulary));
  }
  if (with_meeting && states && !states->after.id().empty()) {
    *described.mutable_meeting() = std::move(states->after);
    Question then;
    then.today = today;
    then.as_of.position = Position(change.position());
    PrepareReply(context_, then, Reports::kCited, &sources_, described.mutable_meeting());
  }
  return described;
}

}  // namespace entente::views
