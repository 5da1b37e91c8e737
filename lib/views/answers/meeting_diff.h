// What two states of one meeting say differently.
#pragma once

#include <optional>
#include <string>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "entente/v1/query.pb.h"
#include "values/day.h"

namespace entente::views {

// A state, or nullptr where there is none. A meeting that is withdrawn, or that no report asserts,
// counts as not there. nullopt where the two say the same: reports that only confirm are no
// difference. `today` decides what has lapsed in either. Values are those of the schema (EDTF,
// codes, words of the vocabularies), lists joined by "; ". Pure.
std::optional<v1::MeetingDiff> DiffMeetings(const std::string& id, const v1::Meeting* before,
                                            const v1::Meeting* after, Day today,
                                            const domain::PartyRegistry& parties,
                                            const domain::Vocabulary& vocabulary);

}  // namespace entente::views
