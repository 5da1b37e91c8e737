// Takes the events of a batch one after the other; writes what they change.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "log/commit.h"
#include "views/feed/change_rows.h"
#include "views/projection.h"
#include "views/projection/memory.h"
#include "views/projection/routing.h"
#include "views/projection/side_by_side.h"
#include "views/reports/reports.h"
#include "views/rows/draft.h"

namespace entente::views {

// What is written for every event (its report, its changes) goes to the draft at once; what
// follows from all of them (the state of meetings, lists, counts, open blocks of postings) once,
// at the end of the batch, or, where the batch gathers, not yet.
class Batch {
 public:
  // Whether meetings are followed, or folded for every report as a last resort.
  enum class Way { kFollow, kFold };
  // `memory` must know the rows of `before`, and says of which stage the rows are to be.
  Batch(const Snapshot& before, const Registries& registries, Memory* memory, Way way)
      : before_(before),
        rows_(before),
        registries_(registries),
        memory_(*memory),
        way_(way),
        arenas_(std::make_shared<std::vector<google::protobuf::Arena>>(Processors())) {}

  // In the order of the log. An event that cannot be folded changes nothing but the list of those
  // parked.
  void Take(std::span<const log::EventView> events);
  // To be called once, behind the last event.
  void Finish();

  Draft& rows() { return rows_; }
  std::vector<Parked>& parked() { return parked_; }
  // What it read, which takes a while to free; nothing of it is looked at behind Finish.
  std::shared_ptr<const void> read() const { return arenas_; }

 private:
  // A component that an event touches.
  struct Touched {
    std::shared_ptr<Component> component;  // with the report
    bool in_place = false;  // it is the one at hand; otherwise a copy that may take its place
    std::optional<News> news;
    domain::FoldedComponent before;  // without the report; where there is no such news
  };
  // A report that concerns one meeting which hangs together with no other, as nearly all do, or
  // subjects that are no meetings: what it changes about them turns on no other meeting's reports.
  struct Waiting {
    const v1::Report* report = nullptr;
    std::size_t bytes = 0;  // of its row
    Routing routing;
    std::shared_ptr<Component> component;  // null: no meeting
    std::optional<EventPlace> target;      // of what it acts on, if that came before it
    std::vector<v1::Change> changes;
    std::vector<ChangeRow> rows;
  };

  // One that may concern several, to be folded once none waits.
  struct Involved {
    const v1::Report* report = nullptr;
    Routing routing;
    SourceNumbers::Numbered source;
  };

  std::size_t Threads(std::size_t events) const;
  // Takes the event, or parks it.
  template <class Step>
  void Attempt(const log::EventView& event, const Step& step);
  // Lets a report wait, or finds that it is involved.
  void Wait(const ReadReport& read, SourceDocument document);
  Status Fold(const Involved& involved);
  // The only meeting that the report concerns, where that is so and nothing connects it.
  std::shared_ptr<Component> OnlyOne(const v1::Report& report, const Routing& routing);
  // Folds those that wait, each meeting's in their order, and writes what they change.
  void FoldWaiting();
  void FoldOne(Waiting* waiting) const;
  static std::vector<ChangeRow> RowsOf(std::vector<v1::Change> changes);
  void AddRows(const v1::Report& report, const std::vector<ChangeRow>& rows);
  void NoteChanged(const std::shared_ptr<Component>& component);

  // Adds the report to the components it touches.
  void Touch(const v1::Report& added, const Routing& routing, std::vector<Touched>* touched);
  void TouchOne(const v1::Report& added, std::size_t bytes, std::shared_ptr<Component> component,
                std::vector<Touched>* touched) const;
  std::vector<v1::Change> ChangesOf(const v1::Report& report, const Routing& routing,
                                    const std::vector<Touched>& touched) const;
  std::optional<EventPlace> TargetPlace(const v1::Report& report) const;
  // How many bytes the report's row takes.
  std::size_t Keep(const v1::Report& report, const Routing& routing);
  void FlushComponents();

  const Snapshot& before_;
  Draft rows_;
  const Registries& registries_;
  Memory& memory_;
  Way way_;
  // Of what was read, by the thread that did.
  std::shared_ptr<std::vector<google::protobuf::Arena>> arenas_;
  std::vector<std::shared_ptr<Component>> changed_;
  std::vector<Waiting> waiting_;
  std::optional<Involved> involved_;
  std::vector<Parked> parked_;
};

}  // namespace entente::views
