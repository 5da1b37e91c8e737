// What came of a meeting that did not take place when it should have.
//
// A postponed meeting and one held much later are the same only if a source says so. Otherwise the
// next meeting of that kind and parties, and only that, may have been what came of it.
#pragma once

#include <optional>
#include <set>
#include <string_view>

#include "entente/v1/meeting.pb.h"
#include "values/day.h"

namespace entente::domain {

// The day behind which the next one is looked for: that on which the postponement was first
// reported, or the latest day of a plan that has passed without news. nullopt: it has taken place,
// is off for good or still to come, or nobody said what it is.
std::optional<Day> LooksForSuccessorAfter(const v1::Meeting& meeting, Day today);

// Codes of those that take part as participant or host, sorted; they point into the meeting.
std::set<std::string_view> SidesOf(const v1::Meeting& meeting);

// It is on, and its first day known: it may be what came of another of its kind and sides.
bool MayFollowSome(const v1::Meeting& meeting);
// Of the same kind and sides, on, and certainly behind that day. Of several the one that stands
// first in lists is the next.
bool MayFollow(const v1::Meeting& meeting, Day after, const v1::Meeting& other);

// A source says that another, held since, came of it: `links` are those of a reply.
bool WasFollowed(const v1::Meeting& meeting);

}  // namespace entente::domain
