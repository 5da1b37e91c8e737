// Events as JSON Lines: one NewEvent (or RecordedEvent, or line of a dump) a line, in protobuf's
// JSON with snake_case names, u64 as strings, unset fields left out.
#pragma once

#include <string>
#include <string_view>

#include "entente/v1/event.pb.h"
#include "entente/v1/log.pb.h"
#include "values/error.h"

namespace entente::formats {

// JSON_MALFORMED or FIELD_UNKNOWN, with the column where the parser gives one; the caller adds the
// line.
Result<v1::NewEvent> EventFromJson(std::string_view line);
Result<v1::RecordedEvent> RecordedEventFromJson(std::string_view line);
Result<v1::DumpLine> DumpLineFromJson(std::string_view line);

// One line, without a newline; deterministic.
std::string ToJsonLine(const google::protobuf::Message& message);

}  // namespace entente::formats
