// Single words and short phrases for values of the schema, as tables and sentences print them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "entente/v1/event.pb.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// "held", "called off", "no news since its date" (lapsed); "unknown" of an unset status.
std::string_view StatusInWords(v1::Meeting::Status status);

// How they met, of a word of Mode: "in person", "by video", "by phone", "in person and by video";
// empty of "unspecified", none, or a word that is no mode.
std::string_view ModeInWords(std::string_view mode);
std::string_view ModeInWords(v1::Mode::Value mode);

// "host", "observer" …; empty of a mere participant.
std::string_view RoleInWords(v1::Party::Role role);

// "an official source", "the media", "unnamed sources", "inference".
std::string_view ClassInWords(v1::Source::Class source_class);

// "4" where both agree, else "3 certain, 5 possible"; `possible` includes the certain ones.
std::string CountInWords(std::uint64_t certain, std::uint64_t possible);

}  // namespace entente::domain
