// A key that stands twice in one JSON object. Parsers keep the last one and drop the first without
// a word; what was sent is never dropped silently here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace entente::formats {

struct DuplicateKey {
  std::string key;         // as written, escapes included
  std::size_t column = 0;  // of the second one, from 1
};

// The first key that repeats one of its own object. nullopt also for text that is not JSON: that
// is the parser's to say. Pure.
std::optional<DuplicateKey> FindDuplicateKey(std::string_view text);

}  // namespace entente::formats
