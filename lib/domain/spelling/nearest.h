// Which known names are near to an unknown one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace entente::domain {

// A known spelling, by its NameKey, and what it stands for. One owner may have many.
struct Spelling {
  std::string_view key;
  std::uint32_t owner = 0;
};

// Insertions, deletions, replacements and swaps of neighbours that turn one into the other (optimal
// string alignment), counted in bytes; `limit + 1` as soon as it is more than `limit`.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit);

// Owners of the spellings nearest to `key`, best first, each once. Near is, in this order: the
// spelling begins with the key or the key with the spelling; few edits for its length (one in
// three bytes); a whole word of one is the other. Spellings of up to three bytes are codes, and
// near only to keys of that length; every code of two letters is one edit from fifty others, so
// that a key of two has no neighbours. Nothing for keys longer than 64 bytes. Pure.
std::vector<std::uint32_t> NearestOwners(std::string_view key, std::span<const Spelling> spellings,
                                         std::size_t at_most);

}  // namespace entente::domain
