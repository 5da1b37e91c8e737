// Where the parts of a JSON text end, for what is done to it before it is parsed.
#pragma once

#include <cstddef>
#include <string_view>

namespace entente::formats {

inline bool IsJsonSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The first place from `at` that is no space; the text's end where there is none.
inline std::size_t SkipJsonSpace(std::string_view text, std::size_t at) {
  while (at < text.size() && IsJsonSpace(text[at])) ++at;
  return at;
}

// The end of the string that begins at `open`, behind its closing quote; npos where it is cut.
inline std::size_t EndOfJsonString(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[open]) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace entente::formats
