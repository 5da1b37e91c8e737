#include "views/pending/pending.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "domain/meeting/fold.h"
#include "views/rows/key.h"
#include "views/terms/terms.h"

namespace entente::views {
namespace {

// Values are on disk. Beside these, pending from the beginning and lapsing at some time, by how
// long after the earliest day: kMayLapse + Span.
constexpr std::uint8_t kWaits = 1;   // pending from the beginning, and never lapses
constexpr std::uint8_t kLapses = 2;  // pending once it has lapsed
constexpr std::uint8_t kMayLapse = 2;

constexpr Span kSpans[] = {Span::kMonth, Span::kSeason, Span::kYear, Span::kLong};
std::uint8_t MayLapse(Span span) {
  return static_cast<std::uint8_t>(kMayLapse + static_cast<std::uint8_t>(span));
}

std::string Prefix(std::uint8_t sort) { return Key(View::kPending).U8(sort).bytes(); }

// The last day on which it has not lapsed yet.
Day LastDayOf(const v1::Meeting& meeting) {
  if (domain::WhyPending(meeting, Day::AfterAll()) != domain::Pending::kLapsed) {
    return Day::AfterAll();
  }
  const Day latest = Day::FromIso(meeting.date().padded_latest()).value_or(Day::AfterAll());
  return std::max(latest, Day::FromIso(meeting.date().last_day()).value_or(latest));
}

// Walks the rows of a sort behind a place.
class Walk {
 public:
  Walk(const Snapshot& snapshot, std::uint8_t sort, const ListPlace* after) {
    const std::string prefix = Prefix(sort);
    skip_ = prefix.size();
    const std::string from =
        after == nullptr ? prefix : prefix + BytesOf(*after) + std::string(1, '\0');
    rows_ = snapshot.Range(from, EndOf(prefix));
    Read();
  }
  bool Valid() const { return rows_->Valid(); }
  const ListPlace& place() const { return place_; }
  bool LapsedBy(Day today) const { return last_day_ < today; }
  void Next() {
    rows_->Next();
    Read();
  }

 private:
  void Read() {
    if (!rows_->Valid()) return;
    KeyReader key(rows_->key());
    key.Skip(skip_);
    ReadPlace(&key, &place_);
    last_day_ = DayFromNumber(KeyReader(rows_->value()).U32());
  }
  std::size_t skip_ = 0;
  std::unique_ptr<Snapshot::Scan> rows_;
  ListPlace place_;
  Day last_day_;
};

// Neither this place nor any behind it has lapsed: none lapses before its earliest day.
bool NoneLapsesFrom(const ListPlace& place, Day today) {
  return !IsDated(place) || BoundsOf(place).earliest >= today;
}

}  // namespace

void AddPendingRows(const v1::Meeting& meeting, const ListedTerms& listed, RowMap* rows) {
  if (listed.empty()) return;
  const bool waits = domain::WhyPending(meeting, Day::BeforeAll()).has_value();
  if (!waits && !domain::WhyPending(meeting, Day::AfterAll())) return;
  const ListPlace place = PlaceOf(meeting);
  const Day last_day = LastDayOf(meeting);
  const std::uint8_t sort = !waits ? kLapses
                            : last_day == Day::AfterAll()
                                ? kWaits
                                : MayLapse(SpanOf(BoundsOf(meeting.date()).earliest, last_day));
  rows->insert_or_assign(Prefix(sort) + BytesOf(place), PackU32(DayNumber(last_day)));
}

void VisitPending(const Snapshot& snapshot, Day today, Waits waits, const ListPlace* after,
                  const std::function<bool(const ListPlace&)>& visit) {
  const bool lapsed = waits == Waits::kLapsed;
  std::vector<Walk> walks;
  walks.emplace_back(snapshot, lapsed ? kLapses : kWaits, after);
  if (lapsed && snapshot.projection_version() < kListedBySpanSince) {
    walks.emplace_back(snapshot, kWaits, after);
  }
  for (const Span span : kSpans) {
    const ListPlace from = BeginningOf(FirstToReach(span, today));
    const bool skips = !lapsed && (after == nullptr || *after < from);
    walks.emplace_back(snapshot, MayLapse(span), skips ? &from : after);
  }
  while (true) {
    Walk* next = nullptr;
    for (Walk& walk : walks) {
      if (walk.Valid() && (next == nullptr || walk.place() < next->place())) next = &walk;
    }
    if (next == nullptr || (lapsed && NoneLapsesFrom(next->place(), today))) return;
    if (next->LapsedBy(today) == lapsed && !visit(next->place())) return;
    next->Next();
  }
}

}  // namespace entente::views
