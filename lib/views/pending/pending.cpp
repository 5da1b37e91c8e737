#include "views/pending/pending.h"

#include "domain/meeting/fold.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

enum class Class : std::uint8_t {
  kWaits = 1,   // pending whatever the day
  kLapses = 2,  // once its latest day has passed
};

Key Prefix(Class of) { return Key(View::kPending).U8(static_cast<std::uint8_t>(of)); }

}  // namespace

void AddPendingRows(const v1::Meeting& meeting, RowMap* rows) {
  if (TermsOfListed(meeting).empty()) return;
  const ListPlace place = PlaceOf(meeting);
  if (domain::WhyPending(meeting, Day::BeforeAll())) {
    rows->insert_or_assign(Prefix(Class::kWaits).Fixed(BytesOf(place)).bytes(), "");
  } else if (domain::WhyPending(meeting, Day::AfterAll())) {
    const Day latest = Day::FromIso(meeting.date().padded_latest()).value_or(Day::AfterAll());
    rows->insert_or_assign(
        Prefix(Class::kLapses).U32(DayNumber(latest)).Fixed(BytesOf(place)).bytes(), "");
  }
}

void VisitPending(const Snapshot& snapshot, Day today,
                  const std::function<bool(const ListPlace&)>& visit) {
  const auto walk = [&](const std::string& from, const std::string& to, std::size_t skip) {
    for (const auto rows = snapshot.Range(from, to); rows->Valid(); rows->Next()) {
      KeyReader reader(rows->key());
      reader.Skip(skip);
      if (!visit(ReadPlace(&reader))) return false;
    }
    return true;
  };
  const std::string waits = Prefix(Class::kWaits).bytes();
  if (!walk(waits, EndOf(waits), waits.size())) return;
  const std::string lapses = Prefix(Class::kLapses).bytes();
  walk(lapses, Prefix(Class::kLapses).U32(DayNumber(today)).bytes(), lapses.size() + 4);
}

}  // namespace entente::views
