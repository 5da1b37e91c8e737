// The reports of one component and their fold: the state of its meetings as of any day and
// position. Projecting, as-of questions and the texts of changes all fold here.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "domain/meeting/fold.h"
#include "entente/v1/meeting.pb.h"
#include "views/view_store.h"

namespace entente::views {

using ReportPtr = std::shared_ptr<const v1::Report>;

struct ComponentReports {
  std::vector<std::string> streams;  // sorted
  // Each report once, also where it lies under several of the streams; where it stays.
  std::vector<ReportPtr> reports;
  // Position of a report -> the first of the streams it lies under, where that is not its own.
  std::map<std::uint64_t, std::string> elsewhere;

  // Adds a report that lies under a stream of the component; false where it was there already.
  bool Add(const std::string& stream, ReportPtr report);

 private:
  bool Has(std::uint64_t position) const;

  std::uint64_t last_ = 0;                    // highest position
  std::unordered_set<std::uint64_t> places_;  // positions, where there are several streams
};

// Where its reports are, in their order; as long as it is and none is taken away.
std::vector<const v1::Report*> PlacesOf(const ComponentReports& component);

// Of these streams, all meetings, whether connected in `snapshot` or not.
ComponentReports ReadReports(const Snapshot& snapshot, std::vector<std::string> streams);
// Of the component that a meeting's stream belongs to.
ComponentReports ReadComponent(const Snapshot& snapshot, std::string_view stream);

// FoldMeetings, without the meetings of other components that reports here speak of as well.
domain::FoldedComponent FoldComponent(const ComponentReports& component, const domain::AsOf& as_of,
                                      const domain::PartyRegistry& parties,
                                      const domain::Vocabulary& vocabulary);

// The same with of each report only what a meeting's row holds: where it lies, its class (on which
// the printed status turns) and its fate.
domain::FoldedComponent FoldToRows(const ComponentReports& component, const domain::AsOf& as_of,
                                   const domain::PartyRegistry& parties,
                                   const domain::Vocabulary& vocabulary);

// Of a meeting that the fold gave; nullptr if it gave none of this id.
const v1::Meeting* MeetingIn(const domain::FoldedComponent& folded, std::string_view id);

}  // namespace entente::views
