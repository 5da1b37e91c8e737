// Takes events one after the other and writes what they change into a draft.
#pragma once

#include <string>
#include <vector>

#include "log/commit.h"
#include "views/meetings/component_fold.h"
#include "views/projection.h"
#include "views/projection/routing.h"
#include "views/rows/draft.h"

namespace entente::views {

class Projector {
 public:
  Projector(const Snapshot& before, const domain::PartyRegistry& parties,
            const domain::Vocabulary& vocabulary)
      : rows_(before), parties_(parties), vocabulary_(vocabulary) {}

  // An event that cannot be folded changes nothing but the list of those parked.
  void Take(const log::EventView& event);

  Draft& rows() { return rows_; }
  std::vector<Parked>& parked() { return parked_; }

 private:
  // A component as it was before an event, and as it is with it.
  struct Folded {
    ComponentReports reports;
    domain::FoldedComponent fold;
  };

  Status Fold(const log::EventView& event, Draft* rows) const;
  // Stores the report where it belongs; connects what it connects.
  void Store(const v1::Report& report, const Routing& routing, Draft* rows) const;
  Folded FoldStreams(const Snapshot& views, const std::vector<std::string>& streams) const;
  RowMap RowsOf(const Folded& folded) const;
  // Rewrites the rows of one component; adds its changes.
  void FoldComponentOf(const std::vector<std::string>& streams, const v1::Report& added,
                       Draft* rows, std::vector<v1::Change>* changes) const;

  Draft rows_;
  std::vector<Parked> parked_;
  const domain::PartyRegistry& parties_;
  const domain::Vocabulary& vocabulary_;
};

}  // namespace entente::views
