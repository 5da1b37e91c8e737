// The registries the fold looks words up in, and how a name becomes a code.
#pragma once

#include <string>
#include <string_view>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"

namespace entente::domain {

struct Registries {
  const PartyRegistry& parties;
  const Vocabulary& vocabulary;

  // Canonical code or id; the name itself where it is not known (it was at append).
  std::string_view CodeOf(std::string_view name) const {
    if (const KnownParty* known = parties.Find(name)) return known->code;
    const auto resolved = parties.Resolve(name);
    return resolved ? std::string_view((*resolved)->code) : name;
  }
  std::string_view IdOf(WordList list, std::string_view word) const {
    if (word.empty()) return word;
    if (const Word* known = vocabulary.Find(list, word)) return known->id;
    const auto resolved = vocabulary.Resolve(list, word);
    return resolved ? std::string_view((*resolved)->id) : word;
  }
  // For people; the code or id itself where it is not known.
  std::string NameOf(std::string_view code) const {
    const KnownParty* known = parties.Find(code);
    return known ? known->name : std::string(code);
  }
  std::string NameOf(WordList list, std::string_view id) const {
    const Word* known = vocabulary.Find(list, id);
    return known && !known->name.empty() ? known->name : std::string(id);
  }
};

}  // namespace entente::domain
