#include <fmt/format.h>

#include <algorithm>

#include "domain/dates/duration.h"
#include "domain/words/date_words.h"
#include "domain/words/sentence.h"
#include "domain/words/telling.h"

namespace entente::domain {
namespace {

// " in 2021", " in the past year": the period in which the source counts.
std::string WindowWords(const std::string& window) {
  if (window.empty()) return {};
  const auto duration = Duration::Parse(window);
  if (!duration) return " " + OnDateInWords(window);
  const std::string every = EveryInWords(window);  // "every two years", "every year"
  return " in the past " + every.substr(every.find(' ') + 1);
}

}  // namespace

std::string ClaimClause(const v1::ClaimRecorded& claim, const std::string& about,
                        const std::vector<std::string>& participants,
                        const std::string& meeting_kind, const Names& names) {
  const std::string& kind_id = claim.scope().kind().empty() ? meeting_kind : claim.scope().kind();
  const std::string kind = kind_id.empty() ? "meeting" : names.Word(WordList::kKinds, kind_id);
  const std::string kinds = kind_id.empty() ? "meetings" : names.Plural(WordList::kKinds, kind_id);
  const auto known = names.parties.Resolve(claim.scope().party());
  const std::string code = known ? (*known)->code : claim.scope().party();
  const std::string party = code.empty() ? "" : names.Party(code);
  const std::string whose = party.empty() ? "their" : Possessive(party);
  const std::string window = WindowWords(claim.scope().window());
  switch (claim.claim()) {
    case v1::ClaimRecorded::first:
      return fmt::format("{} said to be {} first{}", about, whose, window);
    case v1::ClaimRecorded::nth_meeting:
      return fmt::format("{} said to be {} {}{}", about, whose, OrdinalWord(claim.value()), window);
    case v1::ClaimRecorded::nth_partner: {
      std::vector<std::string> partners = participants;
      std::erase(partners, code);
      const std::string partner = partners.size() == 1 ? names.Party(partners.front()) : "partner";
      return fmt::format("{} said to be {} {} {} partner{}; said of {}", partner, whose,
                         OrdinalWord(claim.value()), kind, window, about);
    }
    case v1::ClaimRecorded::most_frequent:
      return fmt::format("{}{} said never to have been so frequent{}", kinds,
                         party.empty() ? "" : " with " + party, window);
    case v1::ClaimRecorded::first_of_year:
      return fmt::format("{} said to be {} first of the year", about, whose);
    default:
      return fmt::format("{} counted or ranked", about);
  }
}

}  // namespace entente::domain
