#include "views/meetings/meetings.h"

#include "views/reports/reports.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string MeetingKey(std::string_view id) { return Key(View::kMeeting).Text(id).bytes(); }

bool IsStub(const v1::Report& report) { return report.event_id().empty(); }

// The report as its row has it; what became of it is the meeting's to say.
void Restore(const std::optional<std::string>& row, v1::Report* report) {
  const bool has_fate = report->has_fate();
  v1::Report::Fate fate;
  if (has_fate) fate = std::move(*report->mutable_fate());
  if (row) report->ParseFromString(*row);
  if (has_fate) *report->mutable_fate() = std::move(fate);
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
  const auto rows = snapshot.GetMany(keys);
  auto row = rows.begin();
  std::vector<std::uint32_t> numbers;
  for (v1::Meeting* meeting : meetings) {
    for (v1::Report& report : *meeting->mutable_reports()) {
      if (IsStub(report)) Restore(*row++, &report);
      if (report.source_id() != 0) numbers.push_back(report.source_id());
    }
  }
  sources->Read(std::move(numbers));
  for (v1::Meeting* meeting : meetings) {
    for (v1::Report& report : *meeting->mutable_reports()) sources->Fill(&report);
  }
}

}  // namespace entente::views
