#include "views/horizon/horizon.h"

#include <algorithm>
#include <utility>

#include "domain/dates/reported_time.h"
#include "views/postings/block.h"
#include "views/rows/key.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

// The days of a report as a term's name: eight hexadecimal digits of the latest, then of the
// earliest, so that names sort by the day from which a report is seen.
std::string DaysName(Day latest, Day earliest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name;
  for (const std::uint32_t number : {DayNumber(latest), DayNumber(earliest)}) {
    for (int shift = 28; shift >= 0; shift -= 4) name.push_back(kDigits[number >> shift & 15U]);
  }
  return name;
}

Day DayFromHex(std::string_view digits) {
  std::uint32_t number = 0;
  for (const char c : digits) {
    number = number << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return DayFromNumber(number);
}

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

void HorizonCount::Add(const v1::Report& report, const Snapshot& views, OpenPostings* postings) {
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
  postings->Post({TermKind::kReported, DaysName(latest, earliest)},
                 {Position(report.position()), Ordinal()}, views);
}

void HorizonCount::Flush(Draft* draft) {
  if (!std::exchange(changed_, false)) return;
  draft->Put(TotalKey(), EncodeTotal(*total_));
}

ReportHorizon ReadHorizon(const Snapshot& snapshot, const std::optional<Position>& position,
                          const std::optional<ReportedDay>& reported) {
  if (!position && !reported) {
    const auto row = snapshot.Get(TotalKey());
    return row ? DecodeTotal(*row) : ReportHorizon{};
  }
  // One pass over the blocks of all days up to the one asked for.
  const std::string prefix =
      Key(View::kPosting).U8(static_cast<std::uint8_t>(TermKind::kReported)).bytes();
  ReportHorizon horizon;
  for (const auto blocks = snapshot.Range(prefix, EndOf(prefix)); blocks->Valid(); blocks->Next()) {
    KeyReader key(blocks->key());
    key.Skip(prefix.size());
    const std::string_view name = key.Text();
    const Day latest = DayFromHex(name.substr(0, 8));
    const Day earliest = DayFromHex(name.substr(8));
    if (reported && latest > reported->day()) break;
    Cursor first;
    first.position = Position(key.U64());
    first.ordinal = Ordinal(key.U16());
    std::uint64_t count = BlockCount(blocks->value());
    if (position) {
      const auto cursors = BlockCursors(first, blocks->value());
      count = static_cast<std::uint64_t>(
          std::count_if(cursors.begin(), cursors.end(),
                        [&](const Cursor& cursor) { return cursor.position <= *position; }));
    }
    if (count == 0) continue;
    horizon.reports += count;
    horizon.from = std::min(horizon.from, earliest);
    horizon.to = std::max(horizon.to, latest);
  }
  return horizon;
}

}  // namespace entente::views
