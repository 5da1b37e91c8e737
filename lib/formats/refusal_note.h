// Lines that an import could not bring in, each with a note in front that says why, so that a
// person puts them right where they lie and imports them again:
//
//     {"refused":{"line":7,"errors":["WORD_UNKNOWN at …"]},"stream":"meeting/…", … }
//     {"refused":{"line":8,"errors":["JSON_MALFORMED: …"]},"text":"not an event"}
//
// Behind the note stands the line as it was, ids and all; as a text where it is no JSON object, its
// bytes that are no UTF-8 read as Latin-1. So each line is JSON, whatever was refused.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "values/error.h"

namespace entente::formats {

// The line with this note, in place of one it has. `number` is its place in what was read.
std::string WithNote(std::string_view line, std::uint64_t number, std::span<const Error> errors);

// The line without its note, which leaves blanks, so that columns stay what they are; any other
// line as it is. JSON_MALFORMED where the note has no end.
Result<std::string> WithoutNote(std::string_view line);

}  // namespace entente::formats
