#include "formats/json_duplicate_key.h"

#include <set>
#include <vector>

namespace entente::formats {
namespace {

// The end of the string that begins at `open`, behind its closing quote; npos where it is cut.
std::size_t EndOfString(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[open]) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::optional<DuplicateKey> FindDuplicateKey(std::string_view text) {
  // One entry for each open bracket; a list holds no keys.
  std::vector<std::set<std::string_view>> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') {
      open.emplace_back();
    } else if (c == '}' || c == ']') {
      if (open.empty()) return std::nullopt;
      open.pop_back();
    } else if (c == '"' || c == '\'') {
      const auto end = EndOfString(text, i);
      if (end == std::string_view::npos) return std::nullopt;
      auto next = end;
      while (next < text.size() && IsSpace(text[next])) ++next;
      if (next < text.size() && text[next] == ':' && !open.empty()) {
        const auto key = text.substr(i + 1, end - i - 2);
        if (!open.back().insert(key).second) return DuplicateKey{std::string(key), i + 1};
      }
      i = end - 1;
    }
  }
  return std::nullopt;
}

}  // namespace entente::formats
