#include "views/meetings/meetings.h"

#include <memory>
#include <utility>

#include "views/meetings/whole_reports.h"
#include "views/reports/reports.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string MeetingKey(std::string_view id) { return Key(View::kMeeting).Text(id).bytes(); }

bool IsStub(const v1::Report& report) { return report.event_id().empty(); }

// The report as it stands for itself; what became of it is the meeting's to say.
void Restore(const v1::Report& whole, v1::Report* report) {
  const bool has_fate = report->has_fate();
  v1::Report::Fate fate;
  if (has_fate) fate = std::move(*report->mutable_fate());
  *report = whole;
  if (has_fate) *report->mutable_fate() = std::move(fate);
}

// By the keys of their rows, in their order, with their sources: those at hand, and the others read
// together. nullptr: there is no such row.
std::vector<WholeReports::ReportPtr> ReadWhole(const Snapshot& snapshot, SourceReader* sources,
                                               std::span<const std::string> keys) {
  const auto kept = WholeReports::Of(snapshot);
  auto reports = kept ? kept->Find(keys) : std::vector<WholeReports::ReportPtr>(keys.size());
  std::vector<std::size_t> missing;
  std::vector<std::string> to_read;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (reports[i]) continue;
    missing.push_back(i);
    to_read.push_back(keys[i]);
  }
  if (missing.empty()) return reports;
  const auto rows = snapshot.GetMany(to_read);
  std::vector<std::shared_ptr<v1::Report>> read;
  read.reserve(rows.size());
  std::vector<std::uint32_t> numbers;
  for (const auto& row : rows) {
    v1::Report& report = *read.emplace_back(std::make_shared<v1::Report>());
    if (row) report.ParseFromString(*row);
    if (report.source_id() != 0) numbers.push_back(report.source_id());
  }
  sources->Read(std::move(numbers));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (!rows[i]) continue;
    sources->Fill(read[i].get());
    if (kept) kept->Keep(std::move(to_read[i]), read[i]);
    reports[missing[i]] = std::move(read[i]);
  }
  return reports;
}

}  // namespace

void AddMeetingRows(const domain::FoldedComponent& folded, RowMap* rows) {
  for (const v1::Meeting& meeting : folded.meetings) {
    rows->insert_or_assign(MeetingKey(meeting.id()), meeting.SerializeAsString());
  }
  for (const auto& [absorbed, survivor] : folded.absorbed) {
    rows->insert_or_assign(Key(View::kAbsorbed).Text(absorbed).bytes(), survivor);
  }
}

bool IsMeetingKey(std::string_view key) {
  return !key.empty() && key.front() == static_cast<char>(View::kMeeting);
}

std::optional<v1::Meeting> FindMeeting(const Snapshot& snapshot, std::string_view id) {
  const auto row = snapshot.Get(MeetingKey(id));
  v1::Meeting meeting;
  if (!row || !meeting.ParseFromString(*row)) return std::nullopt;
  return meeting;
}

std::vector<v1::Meeting> FindMeetings(const Snapshot& snapshot, std::span<const std::string> ids) {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const std::string& id : ids) keys.push_back(MeetingKey(id));
  const auto rows = snapshot.GetMany(keys);
  std::vector<v1::Meeting> meetings(ids.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]) meetings[i].ParseFromString(*rows[i]);
  }
  return meetings;
}

std::string SurvivorOf(const Snapshot& snapshot, std::string_view id) {
  return snapshot.Get(Key(View::kAbsorbed).Text(id).bytes()).value_or(std::string(id));
}

void FillReports(const Snapshot& snapshot, SourceReader* sources,
                 std::span<v1::Meeting* const> meetings) {
  std::vector<std::string> keys;
  for (const v1::Meeting* meeting : meetings) {
    for (const v1::Report& report : meeting->reports()) {
      if (!IsStub(report)) continue;
      keys.push_back(ReportKey(report.stream().empty() ? meeting->id() : report.stream(),
                               Position(report.position())));
    }
  }
  const auto whole = ReadWhole(snapshot, sources, keys);
  auto next = whole.begin();
  std::vector<std::uint32_t> numbers;
  for (v1::Meeting* meeting : meetings) {
    for (v1::Report& report : *meeting->mutable_reports()) {
      if (IsStub(report)) {
        if (const auto& found = *next++) Restore(*found, &report);
      }
      if (report.source_id() != 0) numbers.push_back(report.source_id());
    }
  }
  sources->Read(std::move(numbers));
  for (v1::Meeting* meeting : meetings) {
    for (v1::Report& report : *meeting->mutable_reports()) sources->Fill(&report);
  }
}

}  // namespace entente::views
