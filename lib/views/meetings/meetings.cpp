#include "views/meetings/meetings.h"

#include <memory>
#include <utility>

#include "views/meetings/kept_bytes.h"
#include "views/reports/reports.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string MeetingKey(std::string_view id) { return Key(View::kMeeting).Text(id).bytes(); }

bool IsStub(const v1::Report& report) { return report.event_id().empty(); }

// Where the row of a report lies.
struct ReportPlace {
  std::string_view stream;
  Position position;
};

// In the order of the places, with their sources: those at hand, and the others read together.
// nullptr: there is no such row.
std::vector<WholeReports::BytesPtr> ReadWhole(const Snapshot& snapshot, SourceReader* sources,
                                              std::span<const ReportPlace> places) {
  std::vector<Position> positions;
  positions.reserve(places.size());
  for (const ReportPlace& place : places) positions.push_back(place.position);
  const auto kept = KeptBeside<WholeReports>(snapshot);
  auto reports = kept->Find(positions);
  std::vector<std::size_t> missing;
  std::vector<std::string> to_read;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (reports[i]) continue;
    missing.push_back(i);
    to_read.push_back(ReportKey(places[i].stream, places[i].position));
  }
  if (missing.empty()) return reports;
  const auto rows = snapshot.GetMany(to_read);
  std::vector<v1::Report> read(rows.size());
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]) read[i].ParseFromString(*rows[i]);
    if (read[i].source_id() != 0) numbers.push_back(read[i].source_id());
  }
  sources->Read(std::move(numbers));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (!rows[i]) continue;
    sources->Fill(&read[i]);
    auto whole = std::make_shared<const std::string>(read[i].SerializeAsString());
    kept->Keep(positions[missing[i]], whole);
    reports[missing[i]] = std::move(whole);
  }
  return reports;
}

// What became of a report, as it stands behind the bytes of the report itself.
std::string FateOf(const v1::Report& report) {
  if (!report.has_fate()) return {};
  v1::Report fate;
  *fate.mutable_fate() = report.fate();
  return fate.SerializeAsString();
}

// Puts the whole reports, in their order, in the place of the stubs among a meeting's.
class Restoring {
 public:
  explicit Restoring(std::span<const WholeReports::BytesPtr> whole) : next_(whole.begin()) {}

  void AsMessages(v1::Meeting* meeting) {
    for (v1::Report& report : *meeting->mutable_reports()) {
      if (!IsStub(report)) continue;
      const auto& whole = *next_++;
      if (!whole) continue;
      const std::string fate = FateOf(report);
      report.ParseFromString(*whole);
      report.MergeFromString(fate);
    }
  }

  void AsBytes(v1::Meeting* meeting) {
    auto* const unknown = meeting->GetReflection()->MutableUnknownFields(meeting);
    for (const v1::Report& report : meeting->reports()) {
      std::string* const bytes = unknown->AddLengthDelimited(v1::Meeting::kReportsFieldNumber);
      const auto* const whole = IsStub(report) ? &*next_++ : nullptr;
      if (whole == nullptr || !*whole) {
        report.SerializeToString(bytes);
      } else if (!report.has_fate()) {
        *bytes = **whole;
      } else {
        *bytes = **whole + FateOf(report);
      }
    }
    meeting->clear_reports();
  }

 private:
  std::span<const WholeReports::BytesPtr>::iterator next_;
};

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

std::vector<std::string> FindMeetingRows(const Snapshot& snapshot,
                                         std::span<const std::string> ids) {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const std::string& id : ids) keys.push_back(MeetingKey(id));
  std::vector<std::string> rows;
  rows.reserve(ids.size());
  for (auto& row : snapshot.GetMany(keys)) rows.push_back(std::move(row).value_or(""));
  return rows;
}

std::string SurvivorOf(const Snapshot& snapshot, std::string_view id) {
  return snapshot.Get(Key(View::kAbsorbed).Text(id).bytes()).value_or(std::string(id));
}

void FillReports(const Snapshot& snapshot, SourceReader* sources,
                 std::span<v1::Meeting* const> meetings, ReportForm form) {
  std::vector<ReportPlace> places;
  std::vector<std::uint32_t> numbers;
  for (const v1::Meeting* meeting : meetings) {
    for (const v1::Report& report : meeting->reports()) {
      if (IsStub(report)) {
        places.push_back({report.stream().empty() ? meeting->id() : report.stream(),
                          Position(report.position())});
      } else if (report.source_id() != 0) {
        numbers.push_back(report.source_id());
      }
    }
  }
  const auto whole = ReadWhole(snapshot, sources, places);
  sources->Read(std::move(numbers));
  Restoring restoring(whole);
  for (v1::Meeting* meeting : meetings) {
    for (v1::Report& report : *meeting->mutable_reports()) sources->Fill(&report);
    if (form == ReportForm::kBytes && meeting->claims().empty()) {
      restoring.AsBytes(meeting);
    } else {
      restoring.AsMessages(meeting);
    }
  }
}

}  // namespace entente::views
