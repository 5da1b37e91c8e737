#include "views/horizon/horizon.h"

#include <algorithm>
#include <utility>

#include "domain/dates/reported_time.h"
#include "views/rows/key.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

std::string TotalKey() { return Key(View::kHorizon).Text("reports").bytes(); }

ReportHorizon DecodeTotal(std::string_view row) {
  KeyReader reader(row);
  ReportHorizon horizon;
  horizon.reports = reader.U64();
  horizon.from = DayFromNumber(reader.U32());
  horizon.to = DayFromNumber(reader.U32());
  return horizon;
}

std::string EncodeTotal(const ReportHorizon& horizon) {
  Key row(View::kHorizon);
  row.U64(horizon.reports).U32(DayNumber(horizon.from)).U32(DayNumber(horizon.to));
  return row.bytes().substr(1);
}

}  // namespace

void HorizonCount::Add(const v1::Report& report, const Snapshot& views) {
  const auto time = domain::ReportedTime::Parse(report.reported());
  if (!time) return;
  if (!total_) {
    const auto row = views.Get(TotalKey());
    total_ = row ? DecodeTotal(*row) : ReportHorizon{};
  }
  const Day earliest = time->earliest().day();
  const Day latest = time->latest().day();
  ++total_->reports;
  total_->from = std::min(total_->from, earliest);
  total_->to = std::max(total_->to, latest);
  changed_ = true;
  periods_.Add(Position(report.position()), earliest, latest, views);
}

void HorizonCount::Flush(Draft* draft) {
  if (!std::exchange(changed_, false)) return;
  draft->Put(TotalKey(), EncodeTotal(*total_));
  periods_.Flush(draft);
}

ReportHorizon ReadHorizon(const Snapshot& snapshot, const std::optional<Position>& position,
                          const std::optional<ReportedDay>& reported) {
  if (!position && !reported) {
    return OncePerPicture<ReportHorizon>(snapshot, [&] {
      const auto row = snapshot.Get(TotalKey());
      return row ? DecodeTotal(*row) : ReportHorizon{};
    });
  }
  return SumOfReports(snapshot, position, reported ? std::optional(reported->day()) : std::nullopt);
}

}  // namespace entente::views
