// The reports of each subject, lying together in compact form, so that any state of it, as of any
// day and position, can be folded without the log.
#pragma once

#include <google/protobuf/arena.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "log/commit.h"
#include "values/error.h"
#include "values/position.h"
#include "views/rows/draft.h"

namespace entente::views {

// What an event says and when, without its source: `source` holds the locator only, `source_id` is
// still to be set. MESSAGE_MALFORMED, TIME_INVALID or FIELD_REQUIRED for an event that ingest
// would not have let through.
struct ReadReport {
  v1::Report* report = nullptr;
  const v1::Source* source = nullptr;
};
// Made in `arena`, and there as long as it is.
Result<ReadReport> ReportOf(const log::EventView& event, google::protobuf::Arena* arena);

// The event id that a correction or retraction acts on; empty for every other report.
std::string_view TargetOf(const v1::Report& report);

// Where an event lies: its position and stream.
struct EventPlace {
  Position position;
  std::string stream;
};
std::optional<EventPlace> FindEvent(const Snapshot& snapshot, std::string_view event_id);
void PutEvent(std::string_view event_id, const EventPlace& place, Draft* draft);

// How many bytes the row takes.
std::size_t PutReport(std::string_view subject, const v1::Report& report, Draft* draft);
std::optional<v1::Report> FindReport(const Snapshot& snapshot, std::string_view subject,
                                     Position position);
// The rows of one subject, in the order of their positions: each is a serialised report.
void VisitReports(const Snapshot& snapshot, std::string_view subject,
                  const std::function<void(std::string_view row)>& visit);
std::vector<v1::Report> ReportsOf(const Snapshot& snapshot, std::string_view subject);
// The rows of all subjects of a kind (`meeting/`), in the order of their names and positions.
class ReportRows {
 public:
  // From the subject of this name on.
  ReportRows(const Snapshot& snapshot, std::string_view kind, std::string_view from);
  bool Valid() const { return rows_->Valid(); }
  std::string_view subject() const { return subject_; }
  std::string_view row() const { return rows_->value(); }
  void Next();
  // As Snapshot::Scan::status.
  Status status() const { return rows_->status(); }

 private:
  void Read();
  std::unique_ptr<Snapshot::Scan> rows_;
  std::string_view subject_;
};
// Streams of this kind (`pair/`) that reports lie under, in the order of their names.
std::vector<std::string> SubjectsWithReports(const Snapshot& snapshot, std::string_view kind);
bool HasReports(const Snapshot& snapshot, std::string_view subject);
std::string ReportKey(std::string_view subject, Position position);

// Corrections and retractions of an event, known or not, in the order of their positions.
std::vector<EventPlace> ActsOn(const Snapshot& snapshot, std::string_view event_id);
void PutActOn(std::string_view event_id, const EventPlace& act, Draft* draft);

}  // namespace entente::views
