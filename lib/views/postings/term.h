// Terms: under what meetings and changes are found. In words `country/JP`, `topic/…`; in keys one
// byte for the kind and the name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace entente::views {

// Values are on disk.
enum class TermKind : std::uint8_t {
  kAll = 0,  // every meeting; no name
  kCountry = 1,
  kPair = 2,
  kTopic = 3,
  kKind = 4,
  kSeries = 5,
  kStatus = 6,
  kType = 7,  // of changes only
};

struct Term {
  TermKind kind = TermKind::kAll;
  std::string name;
  friend auto operator<=>(const Term&, const Term&) = default;
};

// Of the word in front of a name: `country`. kAll where no kind is called so.
TermKind TermKindOf(std::string_view word);
// `country/JP` as a term. Of a kind that is not known: kAll with the whole text as its name, which
// finds nothing.
Term ParseTerm(std::string_view text);
// The same as kind and name, which points into `text`.
std::pair<TermKind, std::string_view> SplitTerm(std::string_view text);
// `country/JP`, `topic/xinjiang` …
std::string TermText(TermKind kind, std::string_view name);

// The part of a key that names a term: [kind u8][name][0].
std::string TermPart(const Term& term);

}  // namespace entente::views
