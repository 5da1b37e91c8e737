// Whatever bytes come in: no crash, the same answer every time, and answers that hold together.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "domain/parties/party_registry.h"
#include "domain/parties/party_tables.h"
#include "domain/spelling/name_key.h"
#include "domain/spelling/nearest.h"
#include "domain/topics/vocabulary.h"

namespace entente::domain {
namespace {

// A known spelling with a few bytes changed, or any bytes at all.
std::string AnySpelling() {
  const auto known = BuiltInPartyTables().spellings;
  if (*rc::gen::inRange(0, 4) == 0) return *rc::gen::arbitrary<std::string>();
  std::string text(known[*rc::gen::inRange<std::size_t>(0, known.size())].text);
  for (int changes = *rc::gen::inRange(0, 3); changes > 0 && !text.empty(); --changes) {
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  }
  return text;
}

RC_GTEST_PROP(AnySpelling, HasAKeyThatIsItsOwnKey, ()) {
  const std::string key = NameKey(AnySpelling());
  RC_ASSERT(NameKey(key) == key);
}

RC_GTEST_PROP(AnySpelling, IsAPartyOrAFaultWithSuggestionsThatAreParties, ()) {
  const std::string text = AnySpelling();
  const auto& registry = PartyRegistry::BuiltIn();
  const auto party = registry.Resolve(text);
  const auto again = registry.Resolve(text);
  RC_ASSERT(party.has_value() == again.has_value());
  if (party) {
    RC_ASSERT(*party == *again);
    RC_ASSERT(registry.Find((*party)->code) == *party);
    return;
  }
  RC_ASSERT(party.error().ToString() == again.error().ToString());
  RC_ASSERT(party.error().field.empty());
  RC_ASSERT(party.error().suggestions.size() <= 3u);
  for (const std::string& line : party.error().suggestions) {
    RC_ASSERT(registry.Find(line.substr(0, line.find(' '))) != nullptr);
  }
}

RC_GTEST_PROP(AnySpelling, IsAWordOrAFaultInEveryList, ()) {
  const std::string text = AnySpelling();
  for (int list = 0; list < 8; ++list) {
    const auto word = Vocabulary::BuiltIn().Resolve(static_cast<WordList>(list), text);
    if (word) continue;
    RC_ASSERT(word.error().reason == Reason::kWordUnknown);
    for (const std::string& id : word.error().suggestions) {
      RC_ASSERT(Vocabulary::BuiltIn().Find(static_cast<WordList>(list), id) != nullptr);
    }
  }
}

RC_GTEST_PROP(EditDistance, IsAMetricUpToItsLimit, (const std::string& a, const std::string& b)) {
  const std::size_t distance = EditDistance(a, b, 100);
  RC_ASSERT(distance == EditDistance(b, a, 100));
  RC_ASSERT((distance == 0) == (a == b));
  RC_ASSERT(EditDistance(a, b, 2) == std::min<std::size_t>(distance, 3));
}

}  // namespace
}  // namespace entente::domain
