#include "views/meetings/component_fold.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <unordered_map>

#include "views/components/components.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

void DropForeign(const ComponentReports& component, domain::FoldedComponent* folded) {
  const auto foreign = [&](const std::string& id) {
    return !std::binary_search(component.streams.begin(), component.streams.end(), id);
  };
  std::erase_if(folded->meetings,
                [&](const v1::Meeting& meeting) { return foreign(meeting.id()); });
  std::erase_if(folded->absorbed, [&](const auto& merge) { return foreign(merge.first); });
}

}  // namespace

std::vector<const v1::Report*> PlacesOf(const ComponentReports& component) {
  std::vector<const v1::Report*> places;
  places.reserve(component.reports.size());
  for (const ReportPtr& report : component.reports) places.push_back(report.get());
  return places;
}

bool ComponentReports::Has(std::uint64_t position) const {
  if (position > last_) return false;  // nearly always: reports come in the order of the log
  if (streams.size() > 1) return places_.contains(position);
  return std::ranges::any_of(
      reports, [&](const ReportPtr& report) { return report->position() == position; });
}

bool ComponentReports::Add(const std::string& stream, ReportPtr report) {
  const std::uint64_t position = report->position();
  const bool is_new = !Has(position);
  const auto other = elsewhere.find(position);
  const std::string& known = other != elsewhere.end() ? other->second : report->stream();
  if ((is_new && stream != report->stream()) || (!is_new && stream < known)) {
    if (stream == report->stream()) {
      elsewhere.erase(position);
    } else {
      elsewhere.insert_or_assign(position, stream);
    }
  }
  if (!is_new) return false;
  last_ = std::max(last_, position);
  if (streams.size() > 1) places_.insert(position);
  reports.push_back(std::move(report));
  return true;
}

ComponentReports ReadReports(const Snapshot& snapshot, std::vector<std::string> streams) {
  ComponentReports component;
  component.streams = std::move(streams);
  // One piece of memory for all, freed with the last of them.
  const auto arena = std::make_shared<google::protobuf::Arena>();
  for (const std::string& stream : component.streams) {
    VisitReports(snapshot, stream, [&](std::string_view row) {
      auto* const report = google::protobuf::Arena::CreateMessage<v1::Report>(arena.get());
      report->ParseFromArray(row.data(), static_cast<int>(row.size()));
      component.Add(stream, ReportPtr(arena, report));
    });
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
      domain::FoldMeetings(PlacesOf(component), as_of, parties, vocabulary);
  DropForeign(component, &folded);
  return folded;
}

domain::FoldedComponent FoldToRows(const ComponentReports& component, const domain::AsOf& as_of,
                                   const domain::PartyRegistry& parties,
                                   const domain::Vocabulary& vocabulary) {
  domain::FoldedComponent folded = domain::FoldMeetings(PlacesOf(component), as_of, parties,
                                                        vocabulary, domain::Listed::kPlaces);
  DropForeign(component, &folded);
  if (component.streams.size() == 1 && component.elsewhere.empty()) return folded;
  std::unordered_map<std::uint64_t, std::string_view> own;
  for (const ReportPtr& report : component.reports) own[report->position()] = report->stream();
  for (v1::Meeting& meeting : folded.meetings) {
    for (v1::Report& report : *meeting.mutable_reports()) {
      const auto other = component.elsewhere.find(report.position());
      const std::string_view under =
          other != component.elsewhere.end() ? other->second : own.at(report.position());
      if (under != meeting.id()) report.set_stream(std::string(under));
    }
  }
  return folded;
}

const v1::Meeting* MeetingIn(const domain::FoldedComponent& folded, std::string_view id) {
  for (const v1::Meeting& meeting : folded.meetings) {
    if (meeting.id() == id) return &meeting;
  }
  return nullptr;
}

}  // namespace entente::views
