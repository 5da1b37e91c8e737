#include "views/meetings/citations.h"

#include <cstdint>
#include <vector>

namespace entente::views {
namespace {

template <class Visit>
void VisitFact(v1::Fact* fact, const Visit& visit) {
  visit(fact->mutable_said_by());
  for (v1::Fact::Rival& rival : *fact->mutable_rivals()) visit(rival.mutable_said_by());
}

// Calls `visit` with every list of indexes into the meeting's reports.
template <class Visit>
void VisitCitations(v1::Meeting* meeting, const Visit& visit) {
  if (meeting->has_kind()) VisitFact(meeting->mutable_kind(), visit);
  if (meeting->has_series()) VisitFact(meeting->mutable_series(), visit);
  if (meeting->has_ordinal()) VisitFact(meeting->mutable_ordinal(), visit);
  if (meeting->has_title()) VisitFact(meeting->mutable_title(), visit);
  if (meeting->has_mode()) VisitFact(meeting->mutable_mode(), visit);
  if (meeting->has_place()) VisitFact(meeting->mutable_place(), visit);
  if (meeting->has_level()) VisitFact(meeting->mutable_level(), visit);
  if (meeting->has_duration()) VisitFact(meeting->mutable_duration(), visit);
  if (meeting->has_reason()) VisitFact(meeting->mutable_reason(), visit);
  if (meeting->has_until()) VisitFact(meeting->mutable_until(), visit);
  if (meeting->date().has_fact()) VisitFact(meeting->mutable_date()->mutable_fact(), visit);
  if (meeting->has_outcome()) visit(meeting->mutable_outcome()->mutable_said_by());
  for (auto& fact : *meeting->mutable_parties()) visit(fact.mutable_said_by());
  for (auto& fact : *meeting->mutable_attendees()) VisitFact(fact.mutable_person(), visit);
  for (auto& fact : *meeting->mutable_topics()) visit(fact.mutable_said_by());
  for (auto& fact : *meeting->mutable_results()) visit(fact.mutable_said_by());
  for (auto& fact : *meeting->mutable_statements()) visit(fact.mutable_said_by());
  for (auto& fact : *meeting->mutable_claims()) visit(fact.mutable_said_by());
  for (auto& fact : *meeting->mutable_links()) visit(fact.mutable_said_by());
  for (auto& finding : *meeting->mutable_findings()) visit(finding.mutable_reports());
}

}  // namespace

void KeepCitedReports(v1::Meeting* meeting) {
  constexpr std::uint32_t kUncited = UINT32_MAX;
  std::vector<std::uint32_t> place(static_cast<std::size_t>(meeting->reports_size()), kUncited);
  VisitCitations(meeting, [&](google::protobuf::RepeatedField<std::uint32_t>* indexes) {
    for (const std::uint32_t index : *indexes) {
      if (index < place.size()) place[index] = 0;
    }
  });
  std::uint32_t kept = 0;
  for (std::uint32_t index = 0; index < place.size(); ++index) {
    if (place[index] == kUncited) continue;
    place[index] = kept;
    meeting->mutable_reports()->SwapElements(static_cast<int>(kept++), static_cast<int>(index));
  }
  meeting->mutable_reports()->DeleteSubrange(static_cast<int>(kept),
                                             meeting->reports_size() - static_cast<int>(kept));
  VisitCitations(meeting, [&](google::protobuf::RepeatedField<std::uint32_t>* indexes) {
    for (std::uint32_t& index : *indexes) index = place[index];
  });
}

}  // namespace entente::views
