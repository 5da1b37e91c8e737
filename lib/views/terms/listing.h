// How a meeting is listed: under which terms, and where in the order of dates.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "domain/dates/uncertain_date.h"
#include "entente/v1/meeting.pb.h"
#include "views/postings/term.h"
#include "views/rows/key.h"

namespace entente::views {

// Terms a meeting has; true where it has one only possibly (a party that is disputed, held by
// unnamed sources only). Always with kAll; empty for a meeting that is in no view: withdrawn,
// asserted by nothing, or of neither kind nor party.
using ListedTerms = std::map<Term, bool>;
ListedTerms TermsOfListed(const v1::Meeting& meeting);

// A meeting's place in lists: (earliest, latest, EDTF text, id), the undated ones last. For a
// postponed meeting the date it had.
struct ListPlace {
  std::string date;  // 8 bytes of bounds, then the text and a zero byte
  std::string id;
  friend auto operator<=>(const ListPlace&, const ListPlace&) = default;
};
ListPlace PlaceOf(const v1::Meeting& meeting);
// As it stands at the end of keys and in page tokens: the date, the id and a zero byte.
std::string BytesOf(const ListPlace& place);
ListPlace ReadPlace(KeyReader* reader);
// The same into a place that has its memory already: a list is walked faster so.
void ReadPlace(KeyReader* reader, ListPlace* place);
// What stands in the bounds' eight bytes for an undated meeting; behind all dates.
const std::string& UndatedBounds();
// False where the place is among the undated.
bool IsDated(const ListPlace& place);
// EDTF. Of a dated place.
std::string_view TextOf(const ListPlace& place);
// Of a dated place.
domain::Bounds BoundsOf(const ListPlace& place);

// A day in four bytes that sort as days do.
std::uint32_t DayNumber(Day day);
Day DayFromNumber(std::uint32_t number);

// Bounds of a date fact; infinite where it is open or has none.
domain::Bounds BoundsOf(const v1::DateFact& date);

}  // namespace entente::views
