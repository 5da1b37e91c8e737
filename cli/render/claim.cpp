#include "cli/render/claim.h"

#include <fmt/format.h>

#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

std::string Nth(std::uint32_t n) {
  const char* ending = "th";
  if (n % 100 < 11 || n % 100 > 13) {
    if (n % 10 == 1) ending = "st";
    if (n % 10 == 2) ending = "nd";
    if (n % 10 == 3) ending = "rd";
  }
  return fmt::format("{}{}", n, ending);
}

}  // namespace

std::string ClaimInWords(const v1::ClaimFact& claim, const Names& names) {
  const v1::ClaimRecorded::Scope& scope = claim.scope();
  const std::string kind = scope.kind().empty() ? "such meeting" : scope.kind();
  // Of no party: of just those who meet.
  const char* const whose = scope.party().empty() ? "their" : "the";
  const std::string of = scope.party().empty() ? "" : " of " + names.Party(scope.party());
  const std::string window =
      scope.window().empty() ? "" : " in " + domain::DateInWords(scope.window());
  switch (claim.claim()) {
    case v1::ClaimRecorded::first:
      return fmt::format("{} first {}{}{}", whose, kind, of, window);
    case v1::ClaimRecorded::nth_meeting:
      return fmt::format("{} {} {}{}{}", whose, Nth(claim.value()), kind, of, window);
    case v1::ClaimRecorded::nth_partner:
      return fmt::format("the {} partner{} in {}{}", Nth(claim.value()), of, kind, window);
    case v1::ClaimRecorded::most_frequent:
      return fmt::format("more {} meetings{} than ever{}", kind, of, window);
    case v1::ClaimRecorded::first_of_year:
      return fmt::format("{} first {}{}{}", whose, kind, of,
                         scope.window().empty() ? " of the year" : window);
    default:
      return "a claim this version does not know";
  }
}

std::string VerdictInWords(const v1::ClaimFact& claim) {
  // The answer's own sentence says what was counted.
  if (!claim.why().empty()) return claim.why();
  switch (claim.verdict()) {
    case v1::ClaimFact::confirmed:
      return "Confirmed by our log.";
    case v1::ClaimFact::contradicted:
      return "Contradicted by our log.";
    default:
      return "Not contradicted, not confirmed.";
  }
}

}  // namespace entente::cli::render
