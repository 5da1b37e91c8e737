#include "views/meetings/component_fold.h"

#include <algorithm>

#include "views/components/components.h"
#include "views/reports/reports.h"

namespace entente::views {

ComponentReports ReadReports(const Snapshot& snapshot, std::vector<std::string> streams) {
  ComponentReports component;
  component.streams = std::move(streams);
  for (const std::string& stream : component.streams) {
    for (v1::Report& report : ReportsOf(snapshot, stream)) {
      if (component.stored_under.try_emplace(report.position(), stream).second) {
        component.reports.push_back(std::move(report));
      }
    }
  }
  return component;
}

ComponentReports ReadComponent(const Snapshot& snapshot, std::string_view stream) {
  return ReadReports(snapshot, ComponentOf(snapshot, stream));
}

domain::FoldedComponent FoldComponent(const ComponentReports& component, const domain::AsOf& as_of,
                                      const domain::PartyRegistry& parties,
                                      const domain::Vocabulary& vocabulary) {
  domain::FoldedComponent folded =
      domain::FoldMeetings(component.reports, as_of, parties, vocabulary);
  const auto foreign = [&](const std::string& id) {
    return !std::binary_search(component.streams.begin(), component.streams.end(), id);
  };
  std::erase_if(folded.meetings, [&](const v1::Meeting& meeting) { return foreign(meeting.id()); });
  std::erase_if(folded.absorbed, [&](const auto& merge) { return foreign(merge.first); });
  return folded;
}

const v1::Meeting* MeetingIn(const domain::FoldedComponent& folded, std::string_view id) {
  for (const v1::Meeting& meeting : folded.meetings) {
    if (meeting.id() == id) return &meeting;
  }
  return nullptr;
}

}  // namespace entente::views
