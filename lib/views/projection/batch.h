// Takes the events of a batch one after the other; writes what they change.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "log/commit.h"
#include "views/projection.h"
#include "views/projection/memory.h"
#include "views/projection/routing.h"
#include "views/rows/draft.h"

namespace entente::views {

// What is written for every event (its report, its changes) goes to the draft at once; what
// follows from all of them (the state of meetings, lists, counts, open blocks of postings) once,
// at the end of the batch.
class Batch {
 public:
  // Whether meetings are followed, or folded for every report as a last resort.
  enum class Way { kFollow, kFold };
  // `memory` must know the rows of `before`.
  Batch(const Snapshot& before, const Registries& registries, Memory* memory, Way way)
      : before_(before), rows_(before), registries_(registries), memory_(*memory), way_(way) {}

  // An event that cannot be folded changes nothing but the list of those parked.
  void Take(const log::EventView& event);
  // To be called once, behind the last event.
  void Finish();

  Draft& rows() { return rows_; }
  std::vector<Parked>& parked() { return parked_; }

 private:
  // A component that an event touches.
  struct Touched {
    std::shared_ptr<Component> component;  // with the report
    bool in_place = false;  // it is the one at hand; otherwise a copy that may take its place
    std::optional<News> news;
    domain::FoldedComponent before;  // without the report; where there is no such news
  };

  Status Fold(const log::EventView& event);
  // Adds the report to the components it touches.
  void Touch(const ReportPtr& report, const Routing& routing, std::vector<Touched>* touched);
  void TouchOne(const ReportPtr& report, std::shared_ptr<Component> component,
                std::vector<Touched>* touched);
  std::vector<v1::Change> ChangesOf(const v1::Report& report, const Routing& routing,
                                    const std::vector<Touched>& touched) const;
  void Keep(const v1::Report& report, const Routing& routing);

  const Snapshot& before_;
  Draft rows_;
  const Registries& registries_;
  Memory& memory_;
  Way way_;
  std::vector<std::shared_ptr<Component>> changed_;
  std::vector<Parked> parked_;
};

}  // namespace entente::views
