// A row as a person reads it. For reports of differences, not for programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "views/verify/compare_rows.h"

namespace entente::views {

// "term: country JP, 2021-04-13 to 2021-04-13, "2021-04-13", meeting/de". In hexadecimal where the
// bytes are no key of ours (docs/views.md).
std::string KeyInWords(std::string_view key);

// The value of the row that has this key: messages as JSON, numbers by their names, the rest in
// hexadecimal. "no such row" for nullopt.
std::string ValueInWords(std::string_view key, const std::optional<std::string>& value);

// What to look at in two values of one key: of messages the fields that differ, one a line; both
// values where that does not tell.
struct DifferenceInWords {
  std::string key;
  std::string stored;
  std::string folded;
};
DifferenceInWords InWords(const RowDifference& difference);

}  // namespace entente::views
