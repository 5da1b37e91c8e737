// Changes and facts in words a reader of a newspaper understands.
#pragma once

#include <string>
#include <string_view>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "entente/v1/view.pb.h"

namespace entente::domain {

// All functions here: what sources wrote comes out on one line, without control characters.
// Pure, thread-safe.

// "24 April 2021", "March 2021", "between 5 May and the end of 2021", "24 or 25 April 2021",
// "summer 2021", "about 24 April 2021". The text itself where it does not parse.
std::string DateInWords(std::string_view edtf);

// "Japan-India two-plus-two", in the meeting's order of parties, which is that of the
// highest-ranked report naming them; of more than three "two-plus-two of Japan, India and 28
// others", or the series where it has a name. Without a kind the meeting's title, or "Japan-India
// meeting"; without parties its title, else its id.
std::string MeetingInWords(const v1::Meeting& meeting, const PartyRegistry& parties,
                           const Vocabulary& vocabulary);

// One sentence on what the change did, then the source:
// "Japan-India two-plus-two of 24 April 2021 postponed, no new date (epidemic). Source: …, p. 14"
// The most important reason leads; what else changed, is disputed or not confirmed follows after
// semicolons. `report` is the one that caused it, with its source filled in. Where `after` does not
// bear a reason out it is passed over.
std::string ChangeInWords(const v1::Change& change, const v1::Meeting& before,
                          const v1::Meeting& after, const v1::Report& report,
                          const PartyRegistry& parties, const Vocabulary& vocabulary);

// The same for a subject that is no meeting.
std::string SubjectChangeInWords(const v1::Change& change, const v1::Report& report,
                                 const PartyRegistry& parties, const Vocabulary& vocabulary);

// "Publisher, 5 May 2021, p. 14"
std::string SourceInWords(const v1::Source& source, std::string_view reported);

}  // namespace entente::domain
