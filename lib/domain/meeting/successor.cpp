#include "domain/meeting/successor.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "domain/meeting/fold.h"
#include "domain/meeting/who_takes_part.h"

namespace entente::domain {

namespace {

bool Exists(const v1::Meeting& meeting) {
  return meeting.standing() == v1::Meeting::announced ||
         meeting.standing() == v1::Meeting::reported;
}

bool IsOff(const v1::Meeting& meeting) {
  return meeting.outcome().value() == v1::Meeting::called_off ||
         meeting.outcome().value() == v1::Meeting::cancelled;
}

}  // namespace

std::set<std::string_view> SidesOf(const v1::Meeting& meeting) {
  std::set<std::string_view> sides;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (IsSide(party)) sides.insert(party.code());
  }
  return sides;
}

std::optional<Day> LooksForSuccessorAfter(const v1::Meeting& meeting, Day today) {
  if (meeting.kind().value().empty() || SidesOf(meeting).size() < 2) return std::nullopt;
  const auto why = WhyPending(meeting, today);
  if (why == Pending::kPostponed) return Day::FromIso(meeting.date().postponed_since());
  if (why == Pending::kLapsed) return Day::FromIso(meeting.date().latest());
  return std::nullopt;
}

bool MayFollowSome(const v1::Meeting& meeting) {
  return !meeting.kind().value().empty() && Exists(meeting) && !IsOff(meeting) &&
         meeting.date().state() == v1::DateFact::dated && !meeting.date().earliest().empty() &&
         SidesOf(meeting).size() > 1;
}

bool MayFollow(const v1::Meeting& meeting, Day after, const v1::Meeting& other) {
  if (other.id() == meeting.id() || other.kind().value() != meeting.kind().value()) return false;
  if (!MayFollowSome(other)) return false;
  const auto earliest = Day::FromIso(other.date().earliest());
  return earliest && *earliest > after && SidesOf(other) == SidesOf(meeting);
}

bool WasFollowed(const v1::Meeting& meeting) {
  return std::ranges::any_of(meeting.links(), [](const v1::LinkFact& link) {
    return !link.suggested() && link.outcome() == v1::Meeting::held;
  });
}

}  // namespace entente::domain
