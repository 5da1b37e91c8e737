#include "views/pending/pending.h"

#include <algorithm>
#include <memory>

#include "domain/meeting/fold.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

enum class Class : std::uint8_t {
  kWaits = 1,   // pending from the beginning; may lapse
  kLapses = 2,  // pending once it has lapsed
};

std::string Prefix(Class of) {
  return Key(View::kPending).U8(static_cast<std::uint8_t>(of)).bytes();
}

// The last day on which it has not lapsed yet.
Day LastDayOf(const v1::Meeting& meeting) {
  if (domain::WhyPending(meeting, Day::AfterAll()) != domain::Pending::kLapsed) {
    return Day::AfterAll();
  }
  const Day latest = Day::FromIso(meeting.date().padded_latest()).value_or(Day::AfterAll());
  return std::max(latest, Day::FromIso(meeting.date().last_day()).value_or(latest));
}

// Walks the rows of a class behind a place.
class Walk {
 public:
  Walk(const Snapshot& snapshot, Class of, const ListPlace* after) {
    const std::string prefix = Prefix(of);
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
  rows->insert_or_assign(Prefix(waits ? Class::kWaits : Class::kLapses) + BytesOf(PlaceOf(meeting)),
                         PackU32(DayNumber(LastDayOf(meeting))));
}

void VisitPending(const Snapshot& snapshot, Day today, Waits waits, const ListPlace* after,
                  const std::function<bool(const ListPlace&)>& visit) {
  Walk waiting(snapshot, Class::kWaits, after);
  if (waits == Waits::kStill) {
    for (; waiting.Valid(); waiting.Next()) {
      if (!waiting.LapsedBy(today) && !visit(waiting.place())) return;
    }
    return;
  }
  Walk lapsing(snapshot, Class::kLapses, after);
  while (waiting.Valid() || lapsing.Valid()) {
    const bool first = waiting.Valid() && (!lapsing.Valid() || waiting.place() < lapsing.place());
    Walk& next = first ? waiting : lapsing;
    if (NoneLapsesFrom(next.place(), today)) return;
    if (next.LapsedBy(today) && !visit(next.place())) return;
    next.Next();
  }
}

}  // namespace entente::views
