#include "views/feed/describe_change.h"

#include "domain/words/describe.h"
#include "views/answers/reply_meeting.h"
#include "views/projection/routing.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

constexpr std::size_t kComponentsKept = 64;
// What a fold costs beside its reports, in reports.
constexpr std::uint64_t kFoldItself = 4;

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

ChangeReader::ChangeReader(const AnswerContext& context)
    : context_(context), sources_(context.snapshot), folds_(FoldsOf(context)) {}

const ComponentReports& ChangeReader::ComponentOf(const std::string& subject) {
  const auto known = components_.find(subject);
  if (known != components_.end()) return known->second;
  if (components_.size() >= kComponentsKept) components_.clear();
  const auto read = components_.emplace(subject, ReadComponent(context_.snapshot, subject)).first;
  reports_ += read->second.reports.size();
  return read->second;
}

// The meeting `id`, folded from the component of `of`.
BeforeAndAfter ChangeReader::FoldAround(const std::string& id, const std::string& of,
                                        Position position) {
  const ComponentReports& component = ComponentOf(of);
  reports_ += 2 * (component.reports.size() + kFoldItself);
  return {FoldUpTo(context_, component, id, Position(position.value() - 1)),
          FoldUpTo(context_, component, id, position)};
}

SeenChange ChangeReader::See(const v1::Change& change) {
  SeenChange seen{.change = change, .report = ReportOf(change), .states = {}, .told = {}};
  if (!IsMeeting(change.subject())) return seen;
  const std::string& subject = change.subject();
  seen.states = FoldAround(subject, subject, Position(change.position()));
  std::optional<v1::Report> act = seen.report;
  while (act) {
    const auto target = FindEvent(context_.snapshot, TargetOf(*act));
    // One that came later told nobody anything wrong; and a circle of acts ends here.
    if (!target || target->position.value() >= act->position()) break;
    // Before a merge the meeting had another name.
    const std::string& id = IsMeeting(target->stream) ? target->stream : subject;
    seen.told.push_back(FoldAround(id, subject, target->position));
    act = FindReport(context_.snapshot, target->stream, target->position);
  }
  return seen;
}

std::optional<v1::Report> ChangeReader::ReportOf(const v1::Change& change) {
  if (!IsMeeting(change.subject())) {
    return FindReport(context_.snapshot, change.subject(), Position(change.position()));
  }
  // It may lie under another stream of the component.
  for (const ReportPtr& report : ComponentOf(change.subject()).reports) {
    if (report->position() == change.position()) return *report;
  }
  return std::nullopt;
}

v1::DescribedChange ChangeReader::Describe(SeenChange seen, bool with_meeting, Day today) {
  v1::DescribedChange described;
  *described.mutable_change() = seen.change;
  auto& states = seen.states;
  if (auto& report = seen.report) {
    sources_.Fill(&*report);
    *described.mutable_source() = report->source();
    *described.mutable_recorded() = report->recorded();
    described.set_reported(report->reported());
    described.set_text(states
                           ? domain::ChangeInWords(seen.change, states->before, states->after,
                                                   *report, context_.parties, context_.vocabulary)
                           : domain::SubjectChangeInWords(seen.change, *report, context_.parties,
                                                          context_.vocabulary));
  }
  if (with_meeting && states && !states->after.id().empty()) {
    *described.mutable_meeting() = std::move(states->after);
    Question then;
    then.today = today;
    then.folds = folds_;
    then.as_of.position = Position(seen.change.position());
    PrepareReply(context_, then, Reports::kCited, &sources_, described.mutable_meeting());
  }
  return described;
}

}  // namespace entente::views
