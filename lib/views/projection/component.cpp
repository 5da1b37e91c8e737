#include "views/projection/component.h"

#include <set>
#include <utility>

#include "views/meetings/meetings.h"
#include "views/pending/pending.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

// What a report takes in memory for each of its bytes in a row.
constexpr std::size_t kBytesPerByte = 4;

}  // namespace

Component Component::Read(const Snapshot& views, std::vector<std::string> streams,
                          const Registries& registries) {
  Component component;
  component.reports_.streams = std::move(streams);
  for (const std::string& stream : component.streams()) {
    for (const v1::Report& report : ReportsOf(views, stream)) {
      component.Add(stream, report, registries);
    }
  }
  if (component.reports_.reports.empty()) return component;
  component.fold_ = component.Fold(registries);
  component.NoteStored();
  return component;
}

Component Component::Join(const std::vector<const Component*>& parts,
                          const Registries& registries) {
  Component joined;
  std::set<std::string> streams;
  for (const Component* part : parts)
    streams.insert(part->streams().begin(), part->streams().end());
  joined.reports_.streams.assign(streams.begin(), streams.end());
  for (const Component* part : parts) {
    for (const v1::Report& report : part->reports_.reports) {
      const auto other = part->reports_.elsewhere.find(report.position());
      joined.reports_.Add(other != part->reports_.elsewhere.end() ? other->second : report.stream(),
                          report);
    }
    joined.claims_.insert(part->claims_.begin(), part->claims_.end());
    joined.stored_.insert(part->stored_.begin(), part->stored_.end());
    joined.counted_.insert(part->counted_.begin(), part->counted_.end());
    joined.bytes_ += part->bytes_;
  }
  joined.fold_ = joined.Fold(registries);
  return joined;
}

void Component::TakeBack(const Registries& registries) {
  const std::string stream = reports_.reports.back().stream();
  reports_.reports.pop_back();
  StreamClaims& claims = claims_[stream] = {};
  for (const v1::Report& kept : reports_.reports) {
    claims.Add(kept, registries.parties, registries.vocabulary);
  }
}

void Component::Add(const std::string& stream, const v1::Report& report,
                    const Registries& registries) {
  claims_[stream].Add(report, registries.parties, registries.vocabulary);
  if (reports_.Add(stream, report)) bytes_ += kBytesPerByte * report.ByteSizeLong();
}

RowMap Component::Rows() const {
  RowMap rows;
  AddMeetingRows(fold_, &rows);
  for (const v1::Meeting& meeting : fold_.meetings) {
    AddTermRows(meeting, &rows);
    AddPendingRows(meeting, &rows);
  }
  AddClaimRows(claims_, &rows);
  return rows;
}

std::map<std::string, ListedTerms> Component::Listed() const {
  std::map<std::string, ListedTerms> listed;
  for (const v1::Meeting& meeting : fold_.meetings) {
    listed.emplace(meeting.id(), TermsOfListed(meeting));
  }
  return listed;
}

void Component::NoteStored() {
  stored_ = Rows();
  // The state of a meeting is another with every report: only that there is one need be known.
  for (auto& [key, value] : stored_) {
    if (IsMeetingKey(key)) value.clear();
  }
  counted_ = Listed();
}

void Component::Flush(const Snapshot& views, TermCounts* counts, Draft* draft) {
  RowMap rows = Rows();
  draft->Replace(stored_, rows);
  std::map<std::string, ListedTerms> listed = Listed();
  for (const auto& [id, terms] : counted_) {
    const auto now = listed.find(id);
    counts->Replace(terms, now == listed.end() ? ListedTerms() : now->second, views);
  }
  for (const auto& [id, terms] : listed) {
    if (!counted_.contains(id)) counts->Replace({}, terms, views);
  }
  for (auto& [key, value] : rows) {
    if (IsMeetingKey(key)) value.clear();
  }
  stored_ = std::move(rows);
  counted_ = std::move(listed);
  changed = false;
}

}  // namespace entente::views
