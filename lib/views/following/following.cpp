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
  rows->insert_or_assign(Prefix(meeting) + BytesOf(PlaceOf(meeting)), "");
}

void VisitFollowing(const Snapshot& snapshot, const v1::Meeting& meeting, Day after,
                    const std::function<bool(const ListPlace&)>& visit) {
  const std::string prefix = Prefix(meeting);
  const auto rows = snapshot.Range(prefix + BeginningOf(after.PlusDays(1)).date, EndOf(prefix));
  for (ListPlace place; rows->Valid(); rows->Next()) {
    KeyReader key(rows->key());
    key.Skip(prefix.size());
    ReadPlace(&key, &place);
    if (place.id != meeting.id() && !visit(place)) return;
  }
}

}  // namespace entente::views
