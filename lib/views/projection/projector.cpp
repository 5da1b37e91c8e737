#include "views/projection/projector.h"

#include <algorithm>
#include <exception>
#include <set>

#include "views/claimed/claimed.h"
#include "views/components/components.h"
#include "views/feed/change_rows.h"
#include "views/horizon/horizon.h"
#include "views/meetings/meetings.h"
#include "views/parked/parked.h"
#include "views/pending/pending.h"
#include "views/projection/changes.h"
#include "views/recorded/recorded.h"
#include "views/reports/reports.h"
#include "views/sources/sources.h"
#include "views/terms/terms.h"

namespace entente::views {

void Projector::Take(const log::EventView& event) {
  AddRecorded(event.recorded, event.position, &rows_);
  // Administrative events are in no view; of an erased one nothing is left to read.
  if (event.stream.starts_with("admin/") || event.erased) return;
  Draft rows(static_cast<const Snapshot&>(rows_));
  Status folded;
  try {
    folded = Fold(event, &rows);
  } catch (const std::exception& fault) {
    // One event that a rule was not made for must not stop all that follow.
    folded = Fail(Reason::kInternal, "event", std::string(event.id), fault.what());
  }
  if (folded) {
    rows_.Absorb(std::move(rows));
    return;
  }
  parked_.push_back({event.position, std::move(folded.error())});
  AddParked(parked_.back(), &rows_);
}

Status Projector::Fold(const log::EventView& event, Draft* rows) const {
  auto read = ReportOf(event);
  if (!read) return Fail(std::move(read.error()));
  v1::Report& report = read->report;
  report.set_source_id(InternSource(read->source, rows));
  const Routing routing = RouteReport(report, *rows);
  Store(report, routing, rows);
  AddToHorizon(report, rows);

  std::vector<v1::Change> changes;
  std::set<std::string> folded;
  for (const std::string& subject : routing.subjects) {
    if (!IsMeeting(subject)) {
      changes.push_back(SubjectChange(subject, report, vocabulary_));
    } else if (!folded.contains(subject)) {
      const auto streams = ComponentOf(*rows, subject);
      folded.insert(streams.begin(), streams.end());
      FoldComponentOf(streams, report, rows, &changes);
    }
  }
  std::sort(changes.begin(), changes.end(),
            [](const auto& a, const auto& b) { return a.subject() < b.subject(); });
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i].set_ordinal(static_cast<std::uint32_t>(i));
    AddChange(changes[i], rows);
  }
  return {};
}

void Projector::Store(const v1::Report& report, const Routing& routing, Draft* rows) const {
  const EventPlace place{Position(report.position()), report.stream()};
  PutEvent(report.event_id(), place, rows);
  if (const auto target = TargetOf(report); !target.empty()) PutActOn(target, place, rows);
  for (const std::string& subject : routing.subjects) {
    PutReport(subject, report, rows);
    for (const v1::Report& earlier : routing.earlier) PutReport(subject, earlier, rows);
  }
  Connect(routing.connected, rows);
}

Projector::Folded Projector::FoldStreams(const Snapshot& views,
                                         const std::vector<std::string>& streams) const {
  Folded folded;
  folded.reports = ReadReports(views, streams);
  folded.fold = FoldComponent(folded.reports, {}, parties_, vocabulary_);
  return folded;
}

RowMap Projector::RowsOf(const Folded& folded) const {
  RowMap rows;
  AddMeetingRows(folded.fold, folded.reports, &rows);
  for (const v1::Meeting& meeting : folded.fold.meetings) {
    AddTermRows(meeting, &rows);
    AddPendingRows(meeting, &rows);
  }
  return rows;
}

void Projector::FoldComponentOf(const std::vector<std::string>& streams, const v1::Report& added,
                                Draft* rows, std::vector<v1::Change>* changes) const {
  // `rows_` is still as it was before the event.
  const Folded before = FoldStreams(rows_, streams);
  const Folded after = FoldStreams(*rows, streams);
  rows->Replace(RowsOf(before), RowsOf(after));
  for (const std::string& stream : streams) {
    RowMap claimed_before;
    RowMap claimed_after;
    AddClaimedRows(stream, ReportsOf(rows_, stream), parties_, vocabulary_, &claimed_before);
    AddClaimedRows(stream, ReportsOf(*rows, stream), parties_, vocabulary_, &claimed_after);
    rows->Replace(claimed_before, claimed_after);
  }
  for (const v1::Meeting& meeting : before.fold.meetings) {
    CountTerms(TermsOfListed(meeting), {}, rows);
  }
  for (const v1::Meeting& meeting : after.fold.meetings) {
    CountTerms({}, TermsOfListed(meeting), rows);
  }
  AddMeetingChanges(before.fold, after.fold, added, changes);
}

}  // namespace entente::views
