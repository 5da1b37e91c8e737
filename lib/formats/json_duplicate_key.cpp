#include "formats/json_duplicate_key.h"

#include <set>
#include <vector>

#include "formats/json_text.h"

namespace entente::formats {

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
      const auto end = EndOfJsonString(text, i);
      if (end == std::string_view::npos) return std::nullopt;
      const auto next = SkipJsonSpace(text, end);
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
