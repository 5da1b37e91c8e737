#include "views/projection/batch.h"

#include <algorithm>
#include <exception>

#include "log/erasure_order.h"
#include "views/components/components.h"
#include "views/erasures/erasures.h"
#include "views/feed/change_rows.h"
#include "views/parked/parked.h"
#include "views/projection/changes.h"
#include "views/reports/reports.h"

namespace entente::views {

void Batch::Take(const log::EventView& event) {
  memory_.recorded.Add(event.recorded, event.position, before_, &rows_);
  // Administrative events are in no view; of an erased one nothing is left to read. But what was
  // erased has to be known, for the sake of rows that were made of it before.
  if (const auto order = log::OrderIn(event)) AddErasureOrder(*order, &rows_);
  if (event.erased) AddEmptyBody(event.position, &rows_);
  if (event.stream.starts_with("admin/") || event.erased) return;
  Status folded;
  try {
    folded = Fold(event);
  } catch (const std::exception& fault) {
    // One event that a rule was not made for must not stop all that follow.
    folded = Fail(Reason::kInternal, "event", std::string(event.id), fault.what());
  }
  if (folded) return;
  parked_.push_back({event.position, std::move(folded.error())});
  AddParked(parked_.back(), &rows_);
}

// Everything that may fail comes first and changes no row and nothing that is remembered.
Status Batch::Fold(const log::EventView& event) {
  auto read = ReportOf(event);
  if (!read) return Fail(std::move(read.error()));
  SourceNumbers::Numbered source = memory_.sources.Find(read->source, rows_, before_);
  read->report.set_source_id(source.number);
  const auto kept = std::make_shared<const v1::Report>(std::move(read->report));
  const v1::Report& report = *kept;
  const Routing routing = RouteReport(report, rows_);
  std::vector<Touched> touched;
  std::vector<v1::Change> changes;
  try {
    Touch(kept, routing, &touched);
    changes = ChangesOf(report, routing, touched);
  } catch (...) {
    for (const Touched& one : touched) {
      if (one.in_place) one.component->TakeBack(registries_);
    }
    throw;
  }

  memory_.sources.Keep(std::move(source), &rows_);
  Keep(report, routing);
  for (Touched& one : touched) {
    memory_.components.Put(one.component);
    if (std::exchange(one.component->changed, true)) continue;
    changed_.push_back(one.component);
  }
  memory_.horizon.Add(report, before_);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i].set_ordinal(static_cast<std::uint32_t>(i));
    AddChange(std::move(changes[i]), before_, &memory_.postings, &rows_);
  }
  return {};
}

std::vector<v1::Change> Batch::ChangesOf(const v1::Report& report, const Routing& routing,
                                         const std::vector<Touched>& touched) const {
  std::vector<v1::Change> changes;
  for (const std::string& subject : routing.subjects) {
    if (!IsMeeting(subject)) {
      changes.push_back(SubjectChange(subject, report, registries_.vocabulary));
    }
  }
  for (const Touched& one : touched) {
    if (one.news) {
      changes.push_back(MeetingChange(one.component->streams().front(), *one.news, report));
    } else {
      AddMeetingChanges(one.before, one.component->Fold(registries_), report, &changes);
    }
  }
  if (const auto target = TargetOf(report); !target.empty()) {
    const auto place = FindEvent(rows_, target);
    if (place) AddThoseTold(ChangesAt(rows_, place->position), &changes);
  }
  std::ranges::sort(changes, {}, &v1::Change::subject);
  return changes;
}

void Batch::Touch(const ReportPtr& report, const Routing& routing, std::vector<Touched>* touched) {
  const auto of = [&](const std::string& stream) {
    // What this batch changed is at hand.
    return memory_.components.Of(stream, before_, registries_);
  };
  if (routing.subjects.size() == 1 && routing.connected.empty()) {
    if (!IsMeeting(report->stream())) return;
    auto component = of(report->stream());
    if (component->streams().size() == 1) {
      return TouchOne(report, std::move(component), touched);
    }
  }
  // What several subjects share, or what hangs together by acts, is changed in a copy.
  const auto touch = [&](Component copy) -> Component& {
    touched->push_back({.component = std::make_shared<Component>(std::move(copy)),
                        .in_place = false,
                        .news = std::nullopt,
                        .before = {}});
    touched->back().before = touched->back().component->Fold(registries_);
    return *touched->back().component;
  };
  if (!routing.connected.empty()) {
    std::vector<const Component*> parts;
    for (const std::string& stream : routing.connected) {
      const Component* const part = of(stream).get();
      if (std::ranges::find(parts, part) == parts.end()) parts.push_back(part);
    }
    touch(parts.size() == 1 ? parts[0]->Copy() : Component::Join(parts));
  }
  std::vector<ReportPtr> earlier;
  earlier.reserve(routing.earlier.size());
  for (const v1::Report& one : routing.earlier) {
    earlier.push_back(std::make_shared<const v1::Report>(one));
  }
  for (const std::string& subject : routing.subjects) {
    if (!IsMeeting(subject)) continue;
    const auto one = std::ranges::find_if(*touched, [&](const Touched& other) {
      return std::ranges::binary_search(other.component->streams(), subject);
    });
    Component& component = one == touched->end() ? touch(of(subject)->Copy()) : *one->component;
    component.Add(subject, report, registries_);
    for (const ReportPtr& other : earlier) component.Add(subject, other, registries_);
  }
}

// Of one stream, to which also belong, and long since, all that the report acts on.
void Batch::TouchOne(const ReportPtr& report, std::shared_ptr<Component> component,
                     std::vector<Touched>* touched) {
  std::optional<News> news;
  domain::FoldedComponent before;
  try {
    if (way_ == Way::kFollow) news = component->Follow(report, registries_);
    if (way_ == Way::kFold) component->Unfollow();
    if (!news) before = component->Fold(registries_);
    component->Add(report->stream(), report, registries_);
  } catch (...) {
    component->Unfollow();
    throw;
  }
  touched->push_back({.component = std::move(component),
                      .in_place = true,
                      .news = std::move(news),
                      .before = std::move(before)});
}

void Batch::Keep(const v1::Report& report, const Routing& routing) {
  const EventPlace place{Position(report.position()), report.stream()};
  PutEvent(report.event_id(), place, &rows_);
  if (const auto target = TargetOf(report); !target.empty()) PutActOn(target, place, &rows_);
  for (const std::string& subject : routing.subjects) {
    PutReport(subject, report, &rows_);
    for (const v1::Report& earlier : routing.earlier) PutReport(subject, earlier, &rows_);
  }
  Connect(routing.connected, &rows_);
}

void Batch::Finish() {
  for (const auto& component : changed_) {
    // Another may have taken its place since.
    if (memory_.components.Of(component->streams().front(), before_, registries_) != component) {
      continue;
    }
    component->Flush(before_, registries_, &memory_.counts, &rows_);
  }
  memory_.counts.Flush(&rows_);
  memory_.postings.Flush(&rows_);
  memory_.horizon.Flush(&rows_);
  memory_.recorded.Flush(&rows_);
}

}  // namespace entente::views
