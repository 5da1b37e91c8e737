#include "views/following/following.h"

#include <string>

#include "domain/meeting/successor.h"
#include "views/rows/key.h"
#include "views/terms/terms.h"

namespace entente::views {
namespace {

// Codes are letters and digits.
std::string Prefix(const v1::Meeting& meeting) {
  std::string sides;
  for (const std::string_view code : domain::SidesOf(meeting)) {
    if (!sides.empty()) sides.push_back('+');
    sides += code;
  }
  return Key(View::kFollowing).Text(meeting.kind().value()).Text(sides).bytes();
}

}  // namespace

void AddFollowingRows(const v1::Meeting& meeting, RowMap* rows) {
  if (!domain::MayFollowSome(meeting)) return;
  rows->insert_or_assign(Prefix(meeting) + BytesOf(PlaceOf(meeting)),
                         std::string(1, static_cast<char>(meeting.outcome().value())));
}

std::optional<Following> FirstFollowing(const Snapshot& snapshot, const v1::Meeting& meeting,
                                        Day after) {
  const std::string prefix = Prefix(meeting);
  const auto rows = snapshot.Range(prefix + BeginningOf(after.PlusDays(1)).date, EndOf(prefix));
  for (; rows->Valid(); rows->Next()) {
    KeyReader key(rows->key());
    key.Skip(prefix.size());
    const ListPlace place = ReadPlace(&key);
    // Behind the last day of the calendar there is none, so that one on it comes along.
    if (place.id == meeting.id() || BoundsOf(place).earliest <= after) continue;
    const auto outcome = static_cast<v1::Meeting::Outcome>(KeyReader(rows->value()).U8());
    return Following{place.id, std::string(TextOf(place)), outcome};
  }
  return std::nullopt;
}

}  // namespace entente::views
