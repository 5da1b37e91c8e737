// Who can take part: countries by ISO 3166-1, and organisations with dated membership.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "values/day.h"
#include "values/error.h"

namespace entente::domain {

struct KnownParty {
  // ISO 3166-1 alpha-2, upper case (XK for Kosovo); former states by ISO 3166-3 (SU, CSHH);
  // organisations: lower-case letters and digits (eu, asean).
  std::string code;
  // Our neutral English label: "United Kingdom".
  std::string name;
  // For headings such as "Japan-Britain two-plus-two", as newspapers print it; the label where
  // that is short enough.
  std::string short_name;
  bool organisation = false;
  // Last day of a state or organisation that is no more.
  std::optional<Day> until;
};

// All names, codes and aliases we know. Immutable once made; thread-safe.
class PartyRegistry {
 public:
  // Made from iso-codes and data/ at build time; the same for the whole process.
  static const PartyRegistry& BuiltIn();

  PartyRegistry();
  ~PartyRegistry();
  PartyRegistry(const PartyRegistry&) = delete;
  PartyRegistry& operator=(const PartyRegistry&) = delete;

  // By alpha-2, alpha-3, numeric code ("008": zeros count), name or alias, whatever the case,
  // accents and punctuation. The rules are in docs/parties-and-words.md.
  //   PARTY_UNKNOWN     no such party; the nearest three as suggestions
  //   PARTY_AMBIGUOUS   bare Korea, Congo, CS; all that it may mean as suggestions
  //   PARTY_NOT_A_NAME  a demonym, capital, part of a state, or a name with a qualifier
  // A suggestion is "JP (Japan)": up to the space it can be sent as it is. The field of the error
  // is empty: the caller knows it. The party lives as long as the registry.
  Result<const KnownParty*> Resolve(std::string_view name_or_code) const;
  // By canonical code; nullptr if there is none.
  const KnownParty* Find(std::string_view code) const;
  // Codes of the members of an organisation on a day, sorted; empty for a country. A member that
  // is an organisation itself (the EU in the G20) is named, not followed.
  std::vector<std::string> MembersOn(std::string_view organisation, Day day) const;
  // Organisations a party was a member of on a day, sorted.
  std::vector<std::string> OrganisationsOf(std::string_view country, Day day) const;
  // All, by code: countries and former states, then organisations.
  std::span<const KnownParty> all() const;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

}  // namespace entente::domain
