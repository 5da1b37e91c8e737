// Joining words into English.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace entente::domain {

// "a", "a and b", "a, b and c".
std::string JoinedWith(std::string_view conjunction, const std::vector<std::string>& items);
inline std::string AndList(const std::vector<std::string>& items) {
  return JoinedWith("and", items);
}
inline std::string OrList(const std::vector<std::string>& items) { return JoinedWith("or", items); }

// "one" to "twelve", then figures; "first" to "twelfth", then "13th", "21st".
std::string NumberWord(std::uint64_t n);
std::string OrdinalWord(std::uint64_t n);

// "one report", "two reports": the plural is the noun with an s unless given.
std::string Counted(std::uint64_t n, std::string_view noun, std::string_view plural = {});

// "Japan's", "the United States'".
std::string Possessive(std::string_view name);

// Its first letter in upper case, where that is ASCII.
std::string Capitalised(std::string text);

// On one line and harmless to a terminal: control characters and those that turn the direction of
// writing become spaces, runs of spaces one. What sources wrote passes through here.
std::string OneLine(std::string_view text);

// With a full stop, unless it ends as a sentence does.
std::string Sentence(std::string text);

}  // namespace entente::domain
