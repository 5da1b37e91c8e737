#include "views/projection/batch.h"

#include <algorithm>
#include <exception>
#include <unordered_map>
#include <utility>

#include "log/erasure_order.h"
#include "views/components/components.h"
#include "views/erasures/erasures.h"
#include "views/feed/change_rows.h"
#include "views/parked/parked.h"
#include "views/projection/changes.h"
#include "views/projection/side_by_side.h"

namespace entente::views {
namespace {

constexpr std::size_t kReadAtOnce = 64;
// Fewer are done before another thread would have begun.
constexpr std::size_t kWorthThreads = 256;

// What cannot be read is parked, for whatever reason.
Result<ReadReport> Read(const log::EventView& event, google::protobuf::Arena* arena) {
  try {
    return ReportOf(event, arena);
  } catch (const std::exception& fault) {
    return Fail(Reason::kInternal, "event", std::string(event.id), fault.what());
  }
}

}  // namespace

std::size_t Batch::Threads(std::size_t events) const {
  return events < kWorthThreads ? 1 : arenas_->size();
}

void Batch::Take(std::span<const log::EventView> events) {
  const auto in_view = [](const log::EventView& event) {
    return !event.stream.starts_with("admin/") && !event.erased;
  };
  std::vector<std::optional<Result<ReadReport>>> read(events.size());
  std::vector<SourceDocument> documents(events.size());
  std::vector<log::Sha256> sha(arenas_->size());
  SideBySide((events.size() + kReadAtOnce - 1) / kReadAtOnce, Threads(events.size()),
             [&](std::size_t thread, std::size_t piece) {
               const std::size_t end = std::min(events.size(), (piece + 1) * kReadAtOnce);
               for (std::size_t i = piece * kReadAtOnce; i < end; ++i) {
                 if (!in_view(events[i])) continue;
                 read[i].emplace(Read(events[i], &(*arenas_)[thread]));
                 if (*read[i]) documents[i] = DocumentOf(*(*read[i])->source, &sha[thread]);
               }
             });
  for (std::size_t i = 0; i < events.size(); ++i) {
    const log::EventView& event = events[i];
    memory_.recorded.Add(event.recorded, event.position, before_, &rows_);
    // Administrative events are in no view; of an erased one nothing is left to read. But what was
    // erased has to be known, for the sake of rows that were made of it before.
    if (const auto order = log::OrderIn(event)) AddErasureOrder(*order, &rows_);
    if (event.erased) AddEmptyBody(event.position, &rows_);
    if (!read[i]) continue;
    Attempt(event, [&]() -> Status {
      if (!*read[i]) return Fail(std::move(read[i]->error()));
      Wait(**read[i], std::move(documents[i]));
      return {};
    });
    if (!involved_) continue;
    FoldWaiting();
    Attempt(event, [&] { return Fold(*std::exchange(involved_, std::nullopt)); });
  }
  FoldWaiting();
}

template <class Step>
void Batch::Attempt(const log::EventView& event, const Step& step) {
  Status taken;
  try {
    taken = step();
  } catch (const std::exception& fault) {
    // One event that a rule was not made for must not stop all that follow.
    taken = Fail(Reason::kInternal, "event", std::string(event.id), fault.what());
  }
  if (taken) return;
  parked_.push_back({event.position, std::move(taken.error())});
  AddParked(parked_.back(), &rows_);
}

void Batch::Wait(const ReadReport& read, SourceDocument document) {
  SourceNumbers::Numbered source = memory_.sources.Find(std::move(document), rows_, before_);
  read.report->set_source_id(source.number);
  const v1::Report& report = *read.report;
  const bool may_be_acted_on = !memory_.acted_on || memory_.acted_on->contains(report.event_id());
  Routing routing = RouteReport(report, rows_, may_be_acted_on);
  const bool of_meetings = std::ranges::any_of(routing.subjects, IsMeeting);
  auto component = of_meetings ? OnlyOne(report, routing) : nullptr;
  if (way_ == Way::kFold || (of_meetings && !component)) {
    involved_.emplace(Involved{&report, std::move(routing), std::move(source)});
    return;
  }
  auto target = TargetPlace(report);
  memory_.sources.Keep(source, &rows_);
  const std::size_t bytes = Keep(report, routing);
  memory_.horizon.Add(report, before_);
  if (component) NoteChanged(component);
  waiting_.push_back({.report = &report,
                      .bytes = bytes,
                      .routing = std::move(routing),
                      .component = std::move(component),
                      .target = std::move(target),
                      .changes = {},
                      .rows = {}});
}

std::shared_ptr<Component> Batch::OnlyOne(const v1::Report& report, const Routing& routing) {
  if (routing.subjects.size() > 1 || !routing.connected.empty()) return nullptr;
  auto component = memory_.components.Of(report.stream(), before_, registries_);
  return component->streams().size() == 1 ? component : nullptr;
}

// What is thrown here is of one report that cannot be named: the batch is taken anew, each report
// folded by itself.
void Batch::FoldWaiting() {
  std::unordered_map<const Component*, std::vector<Waiting*>> by_component;
  for (Waiting& one : waiting_) by_component[one.component.get()].push_back(&one);
  std::vector<const std::vector<Waiting*>*> queues;
  queues.reserve(by_component.size());
  for (const auto& [component, queue] : by_component) queues.push_back(&queue);
  SideBySide(queues.size(), Threads(waiting_.size()), [&](std::size_t, std::size_t i) {
    for (Waiting* const one : *queues[i]) FoldOne(one);
  });
  for (Waiting& one : waiting_) {
    if (one.target) {
      AddThoseTold(ChangesAt(rows_, one.target->position), &one.changes);
      one.rows = RowsOf(std::move(one.changes));
    }
    AddRows(*one.report, one.rows);
  }
  waiting_.clear();
}

void Batch::FoldOne(Waiting* waiting) const {
  std::vector<Touched> touched;
  if (waiting->component) {
    TouchOne(*waiting->report, waiting->bytes, waiting->component, &touched);
  }
  waiting->changes = ChangesOf(*waiting->report, waiting->routing, touched);
  // Those of an act have the terms of what was told before.
  if (!waiting->target) waiting->rows = RowsOf(std::move(waiting->changes));
}

// Everything that may fail comes first and changes no row and nothing that is remembered.
Status Batch::Fold(const Involved& involved) {
  const v1::Report& report = *involved.report;
  const Routing& routing = involved.routing;
  std::vector<Touched> touched;
  std::vector<v1::Change> changes;
  try {
    Touch(report, routing, &touched);
    changes = ChangesOf(report, routing, touched);
    if (const auto target = TargetPlace(report)) {
      AddThoseTold(ChangesAt(rows_, target->position), &changes);
    }
  } catch (...) {
    for (const Touched& one : touched) {
      if (one.in_place) one.component->TakeBack(registries_);
    }
    throw;
  }

  memory_.sources.Keep(involved.source, &rows_);
  Keep(report, routing);
  for (Touched& one : touched) {
    memory_.components.Put(one.component);
    NoteChanged(one.component);
  }
  memory_.horizon.Add(report, before_);
  AddRows(report, RowsOf(std::move(changes)));
  return {};
}

void Batch::NoteChanged(const std::shared_ptr<Component>& component) {
  if (!std::exchange(component->changed, true)) changed_.push_back(component);
}

std::vector<ChangeRow> Batch::RowsOf(std::vector<v1::Change> changes) {
  std::ranges::sort(changes, {}, &v1::Change::subject);
  std::vector<ChangeRow> rows;
  rows.reserve(changes.size());
  for (v1::Change& change : changes) rows.push_back(RowOf(std::move(change)));
  return rows;
}

void Batch::AddRows(const v1::Report& report, const std::vector<ChangeRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Cursor cursor{Position(report.position()), Ordinal(static_cast<std::uint16_t>(i))};
    AddChange(cursor, rows[i], before_, &memory_.postings, &rows_);
  }
}

std::optional<EventPlace> Batch::TargetPlace(const v1::Report& report) const {
  const auto target = TargetOf(report);
  return target.empty() ? std::nullopt : FindEvent(rows_, target);
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
  return changes;
}

void Batch::Touch(const v1::Report& added, const Routing& routing, std::vector<Touched>* touched) {
  const auto of = [&](const std::string& stream) {
    // What this batch changed is at hand.
    return memory_.components.Of(stream, before_, registries_);
  };
  if (std::ranges::none_of(routing.subjects, IsMeeting)) return;
  if (auto component = OnlyOne(added, routing)) {
    return TouchOne(added, added.ByteSizeLong(), std::move(component), touched);
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
  const auto report = std::make_shared<const v1::Report>(added);
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
    component.Add(subject, report, report->ByteSizeLong(), registries_);
    for (const ReportPtr& other : earlier) {
      component.Add(subject, other, other->ByteSizeLong(), registries_);
    }
  }
}

// Of one stream, to which also belong, and long since, all that the report acts on.
void Batch::TouchOne(const v1::Report& added, std::size_t bytes,
                     std::shared_ptr<Component> component, std::vector<Touched>* touched) const {
  const ReportPtr report = component->Own(added);
  std::optional<News> news;
  domain::FoldedComponent before;
  try {
    if (way_ == Way::kFollow) news = component->Follow(report, registries_);
    if (way_ == Way::kFold) component->Unfollow();
    if (!news) before = component->Fold(registries_);
    component->Add(report->stream(), report, bytes, registries_);
  } catch (...) {
    component->Unfollow();
    throw;
  }
  touched->push_back({.component = std::move(component),
                      .in_place = true,
                      .news = std::move(news),
                      .before = std::move(before)});
}

std::size_t Batch::Keep(const v1::Report& report, const Routing& routing) {
  const EventPlace place{Position(report.position()), report.stream()};
  PutEvent(report.event_id(), place, &rows_);
  if (const auto target = TargetOf(report); !target.empty()) {
    PutActOn(target, place, &rows_);
    if (memory_.acted_on) memory_.acted_on->emplace(target);
  }
  std::size_t bytes = 0;
  for (const std::string& subject : routing.subjects) {
    bytes = PutReport(subject, report, &rows_);
    for (const v1::Report& earlier : routing.earlier) PutReport(subject, earlier, &rows_);
  }
  Connect(routing.connected, &rows_);
  return bytes;
}

void Batch::Finish() {
  if (memory_.stage == Stage::kGathering) {
    for (const auto& component : changed_) component->EndGathering();
  } else {
    FlushComponents();
  }
  memory_.postings.Flush(&rows_);
  memory_.horizon.Flush(&rows_);
  memory_.recorded.Flush(&rows_);
}

void Batch::FlushComponents() {
  for (const auto& component : changed_) {
    // Another may have taken its place since.
    if (memory_.components.Of(component->streams().front(), before_, registries_) != component) {
      continue;
    }
    component->Flush(before_, registries_, &memory_.counts, &rows_);
  }
  memory_.counts.Flush(&rows_);
}

}  // namespace entente::views
