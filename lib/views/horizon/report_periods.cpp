#include "views/horizon/report_periods.h"

#include <algorithm>
#include <string_view>

#include "views/rows/key.h"
#include "views/rows/varint.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

// Values are on disk.
enum class Period : std::uint8_t { kAllTime = 0, kYear = 1, kMonth = 2, kDay = 3 };

// More blocks than this are not kept from one batch to the next.
constexpr std::size_t kBlocksKept = 1 << 14;

Day FirstDayOf(Period period, Day day) {
  if (period == Period::kDay) return day;
  if (period == Period::kAllTime) return Day::BeforeAll();
  const auto ymd = day.ymd();
  const auto month = period == Period::kMonth ? static_cast<unsigned>(ymd.month()) : 1U;
  return *Day::FromYmd(static_cast<int>(ymd.year()), month, 1);
}

// Of the runs of periods that begin on or behind a day.
std::string PeriodsFrom(Period period, Day first) {
  return Key(View::kReported).U8(static_cast<std::uint8_t>(period)).U32(DayNumber(first)).bytes();
}

std::string BlockKey(std::string_view run, Position first) {
  return Key(View::kReported).Fixed(run.substr(1)).U64(first.value()).bytes();
}

Day FirstDayIn(std::string_view key) { return DayFromNumber(KeyReader(key).Skip(2).U32()); }
Position FirstPositionIn(std::string_view key) { return Position(KeyReader(key).Skip(6).U64()); }

void Count(Day earliest, Day latest, ReportHorizon* sum) {
  ++sum->reports;
  sum->from = std::min(sum->from, earliest);
  sum->to = std::max(sum->to, latest);
}

void Count(const ReportHorizon& part, ReportHorizon* sum) {
  sum->reports += part.reports;
  sum->from = std::min(sum->from, part.from);
  sum->to = std::max(sum->to, part.to);
}

constexpr std::size_t kCountAt = 16;  // behind the sum

std::string NewBlock(const ReportHorizon& before) {
  Key block(View::kReported);
  block.U64(before.reports).U32(DayNumber(before.from)).U32(DayNumber(before.to)).U16(0);
  return block.bytes().substr(1);
}

// The sum before a block, then `visit` with each of its reports.
template <class Visit>
ReportHorizon ReadBlock(std::string_view key, std::string_view block, const Visit& visit) {
  KeyReader reader(block);
  ReportHorizon before;
  before.reports = reader.U64();
  before.from = DayFromNumber(reader.U32());
  before.to = DayFromNumber(reader.U32());
  std::uint16_t left = reader.U16();
  std::string_view rest = reader.rest();
  const std::uint32_t first_day = DayNumber(FirstDayIn(key));
  std::uint64_t position = FirstPositionIn(key).value();
  for (; left > 0; --left) {
    const auto step = GetVarint(&rest);
    const auto latest = GetVarint(&rest);
    const auto span = GetVarint(&rest);
    if (!step || !latest || !span) break;
    position += *step;
    const auto number = static_cast<std::uint32_t>(first_day + *latest);
    visit(Position(position), DayFromNumber(number - static_cast<std::uint32_t>(*span)),
          DayFromNumber(number));
  }
  return before;
}

// Of a block's run up to and with the block, as far as it lies at or below the position.
ReportHorizon SumUpTo(const Snapshot::Scan& at, const std::optional<Position>& position) {
  ReportHorizon in_block;
  ReportHorizon sum = ReadBlock(at.key(), at.value(), [&](Position p, Day earliest, Day latest) {
    if (!position || p <= *position) Count(earliest, latest, &in_block);
  });
  Count(in_block, &sum);
  return sum;
}

// The last row before `end`, which is most often one or two before `from`: to step there takes a
// fraction of what it takes to look for it.
std::unique_ptr<Snapshot::Scan> LastBefore(const Snapshot& snapshot, std::string_view begin,
                                           std::string_view end,
                                           std::unique_ptr<Snapshot::Scan> from) {
  constexpr int kSteps = 2;
  for (int i = 0; i < kSteps; ++i) {
    from->Next();
    if (!from->Valid() || from->key() < end) return from;
  }
  return snapshot.RangeBackwards(begin, end);
}

// Adds the periods of a length that begin in [from, to).
void AddPeriods(const Snapshot& snapshot, const std::optional<Position>& position, Period period,
                Day from, Day to, ReportHorizon* sum) {
  const std::string begin = PeriodsFrom(period, from);
  std::string end = PeriodsFrom(period, to);
  if (begin >= end) return;
  for (auto last = snapshot.RangeBackwards(begin, end); last->Valid();
       last = LastBefore(snapshot, begin, end, std::move(last))) {
    end = PeriodsFrom(period, FirstDayIn(last->key()));
    if (!position || FirstPositionIn(last->key()) <= *position) {
      Count(SumUpTo(*last, position), sum);
      continue;
    }
    const auto known = snapshot.RangeBackwards(end, BlockKey(end, position->Next()));
    if (known->Valid()) Count(SumUpTo(*known, position), sum);
  }
}

}  // namespace

OpenPeriods::Blocks::value_type& OpenPeriods::Of(std::string prefix, const Snapshot& views) {
  const auto [entry, is_new] = blocks_.try_emplace(std::move(prefix));
  if (!is_new) return *entry;
  Block& block = entry->second;
  const auto last = views.RangeBackwards(entry->first, EndOf(entry->first));
  if (!last->Valid()) return *entry;
  block.first = FirstPositionIn(last->key());
  ReportHorizon in_block;
  block.sum = ReadBlock(last->key(), last->value(), [&](Position p, Day earliest, Day latest) {
    Count(earliest, latest, &in_block);
    block.last = p;
    ++block.count;
  });
  Count(in_block, &block.sum);
  if (block.count < kBlockReports) block.bytes = last->value();
  return *entry;
}

void OpenPeriods::Add(Position position, Day earliest, Day latest, const Snapshot& views) {
  for (const Period period : {Period::kAllTime, Period::kYear, Period::kMonth, Period::kDay}) {
    // No day that can be asked for lies behind an open end.
    if (period != Period::kAllTime && !latest.finite()) return;
    const Day first_day = FirstDayOf(period, latest);
    auto& entry = Of(PeriodsFrom(period, first_day), views);
    Block& block = entry.second;
    if (block.bytes.empty()) {
      block.first = block.last = position;
      block.count = 0;
      block.bytes = NewBlock(block.sum);
    }
    PutVarint(position.value() - block.last.value(), &block.bytes);
    PutVarint(DayNumber(latest) - DayNumber(first_day), &block.bytes);
    PutVarint(DayNumber(latest) - DayNumber(earliest), &block.bytes);
    ++block.count;
    block.bytes[kCountAt] = static_cast<char>(block.count >> 8);
    block.bytes[kCountAt + 1] = static_cast<char>(block.count);
    block.last = position;
    Count(earliest, latest, &block.sum);
    if (block.count == kBlockReports) {
      filled_.emplace_back(BlockKey(entry.first, block.first), std::move(block.bytes));
      block.bytes.clear();
    } else if (!std::exchange(block.changed, true)) {
      changed_.push_back(&entry);
    }
  }
}

void OpenPeriods::Flush(Draft* draft) {
  for (auto& [key, bytes] : filled_) draft->Put(std::move(key), std::move(bytes));
  filled_.clear();
  for (auto* const entry : changed_) {
    Block& block = entry->second;
    block.changed = false;
    if (block.bytes.empty()) continue;  // filled since
    draft->Put(BlockKey(entry->first, block.first), block.bytes);
  }
  changed_.clear();
  if (blocks_.size() > kBlocksKept) blocks_.clear();
}

ReportHorizon SumOfReports(const Snapshot& snapshot, const std::optional<Position>& position,
                           const std::optional<Day>& day) {
  ReportHorizon sum;
  if (day && *day == Day::BeforeAll()) return sum;
  if (!day || !day->finite()) {
    AddPeriods(snapshot, position, Period::kAllTime, Day::BeforeAll(), Day::AfterAll(), &sum);
    return sum;
  }
  const Day year = FirstDayOf(Period::kYear, *day);
  const Day month = FirstDayOf(Period::kMonth, *day);
  AddPeriods(snapshot, position, Period::kYear, Day::BeforeAll(), year, &sum);
  AddPeriods(snapshot, position, Period::kMonth, year, month, &sum);
  // Not PlusDays, which stays within the calendar on its last day.
  AddPeriods(snapshot, position, Period::kDay, month, DayFromNumber(DayNumber(*day) + 1), &sum);
  return sum;
}

}  // namespace entente::views
