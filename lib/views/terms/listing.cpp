#include "views/terms/listing.h"

#include "domain/meeting/change.h"

namespace entente::views {
namespace {

constexpr std::uint32_t kBias = 0x80000000U;
constexpr std::size_t kBoundsBytes = 8;

Day EndOr(const std::string& iso, Day open) {
  if (iso.empty()) return open;
  return Day::FromIso(iso).value_or(open);
}

}  // namespace

ListedTerms TermsOfListed(const v1::Meeting& meeting) {
  ListedTerms listed;
  domain::VisitTerms(meeting, [&](std::string_view kind, std::string_view name, bool possibly) {
    const auto [known, is_new] =
        listed.emplace(Term{TermKindOf(kind), std::string(name)}, possibly);
    known->second = known->second && possibly;
  });
  if (!listed.empty()) listed.emplace(Term{}, false);
  return listed;
}

std::uint32_t DayNumber(Day day) { return static_cast<std::uint32_t>(day.since_epoch()) ^ kBias; }

Day DayFromNumber(std::uint32_t number) {
  const auto since_epoch = static_cast<std::int32_t>(number ^ kBias);
  if (since_epoch == INT32_MIN) return Day::BeforeAll();
  if (since_epoch == INT32_MAX) return Day::AfterAll();
  return Day(std::chrono::sys_days(std::chrono::days(since_epoch)));
}

domain::Bounds BoundsOf(const v1::DateFact& date) {
  return {EndOr(date.earliest(), Day::BeforeAll()), EndOr(date.latest(), Day::AfterAll())};
}

ListPlace PlaceOf(const v1::Meeting& meeting) {
  ListPlace place;
  place.id = meeting.id();
  const std::string& edtf = meeting.date().fact().value();
  if (edtf.empty()) {
    place.date = UndatedBounds();
  } else {
    const domain::Bounds bounds = BoundsOf(meeting.date());
    Key packed(View::kTerm);
    packed.U32(DayNumber(bounds.earliest)).U32(DayNumber(bounds.latest));
    place.date = packed.bytes().substr(1) + edtf;
  }
  place.date.push_back('\0');
  return place;
}

std::string BytesOf(const ListPlace& place) {
  std::string bytes = place.date + place.id;
  bytes.push_back('\0');
  return bytes;
}

ListPlace ReadPlace(KeyReader* reader) {
  ListPlace place;
  ReadPlace(reader, &place);
  return place;
}

void ReadPlace(KeyReader* reader, ListPlace* place) {
  place->date = reader->Fixed(kBoundsBytes);
  place->date += reader->Text();
  place->date.push_back('\0');
  place->id = reader->Text();
}

const std::string& UndatedBounds() {
  static const std::string bytes(kBoundsBytes, '\xff');
  return bytes;
}

bool IsDated(const ListPlace& place) {
  return place.date.compare(0, kBoundsBytes, UndatedBounds()) != 0;
}

std::string_view TextOf(const ListPlace& place) {
  return KeyReader(place.date).Skip(kBoundsBytes).Text();
}

domain::Bounds BoundsOf(const ListPlace& place) {
  KeyReader reader(place.date);
  const Day earliest = DayFromNumber(reader.U32());
  const Day latest = DayFromNumber(reader.U32());
  return {earliest, latest};
}

}  // namespace entente::views
