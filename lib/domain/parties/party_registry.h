// Who can take part: countries by ISO 3166-1, and organisations with dated membership.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "values/day.h"
#include "values/error.h"

namespace entente::domain {

struct KnownParty {
  std::string
      code;  // ISO 3166-1 alpha-2, upper case (XK for Kosovo); organisations: a lower-case id
  std::string name;  // our neutral English label
  std::string
      adjective;  // for headings such as "Japan-India": the short name, "United States" -> "US"
  bool organisation = false;
  std::optional<Day> until;  // last day of a former state
};

// All names, codes and aliases we know. Immutable once made; thread-safe.
class PartyRegistry {
 public:
  // Made from iso-codes and data/parties.toml at build time; the same for the whole process.
  static const PartyRegistry& BuiltIn();

  PartyRegistry();
  ~PartyRegistry();
  PartyRegistry(const PartyRegistry&) = delete;
  PartyRegistry& operator=(const PartyRegistry&) = delete;

  // By alpha-2, alpha-3, numeric code, name or alias, whatever the case, accents and punctuation.
  // PARTY_UNKNOWN with the nearest suggestions, PARTY_AMBIGUOUS (bare Korea, Congo),
  // PARTY_NOT_A_NAME (demonyms, capitals, names with a qualifier). The field of the error is
  // empty: the caller knows it.
  Result<const KnownParty*> Resolve(std::string_view name_or_code) const;
  // By canonical code; nullptr if there is none.
  const KnownParty* Find(std::string_view code) const;
  // Codes of the members of an organisation on a day; empty for a country.
  std::vector<std::string> MembersOn(std::string_view organisation, Day day) const;
  // Organisations a country was a member of on a day.
  std::vector<std::string> OrganisationsOf(std::string_view country, Day day) const;
  // All, by code: countries, then organisations.
  std::span<const KnownParty> all() const;

 private:
  struct Tables;
  const Tables* tables_;
};

}  // namespace entente::domain
