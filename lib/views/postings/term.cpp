#include "views/postings/term.h"

#include <array>
#include <utility>

namespace entente::views {
namespace {

constexpr std::array<std::pair<TermKind, std::string_view>, 7> kNames = {{
    {TermKind::kCountry, "country"},
    {TermKind::kPair, "pair"},
    {TermKind::kTopic, "topic"},
    {TermKind::kKind, "kind"},
    {TermKind::kSeries, "series"},
    {TermKind::kStatus, "status"},
    {TermKind::kType, "type"},
}};

}  // namespace

TermKind TermKindOf(std::string_view word) {
  for (const auto& [kind, name] : kNames) {
    if (name == word) return kind;
  }
  return TermKind::kAll;
}

std::pair<TermKind, std::string_view> SplitTerm(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const TermKind kind = TermKindOf(text.substr(0, slash));
    if (kind != TermKind::kAll) return {kind, text.substr(slash + 1)};
  }
  return {TermKind::kAll, text};
}

Term ParseTerm(std::string_view text) {
  const auto [kind, name] = SplitTerm(text);
  return {kind, std::string(name)};
}

std::string TermText(TermKind kind, std::string_view name) {
  for (const auto& [known, word] : kNames) {
    if (known == kind) return std::string(word) + "/" + std::string(name);
  }
  return std::string(name);
}

std::string TermPart(const Term& term) {
  std::string part(1, static_cast<char>(term.kind));
  part += term.name;
  part.push_back('\0');
  return part;
}

}  // namespace entente::views
