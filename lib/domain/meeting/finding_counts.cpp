#include "domain/meeting/finding_counts.h"

namespace entente::domain {

FindingCount FindingCount::Of(const Decision& decision) {
  return {decision.disputed.empty() ? 0U : 1U, decision.unconfirmed, 0};
}

FindingCount FindingCount::Of(const v1::Fact& fact) {
  FindingCount count;
  for (const auto& rival : fact.rivals()) {
    if (rival.why() == v1::Fact::Rival::disputed) count.disputed = 1;
    if (rival.why() == v1::Fact::Rival::unconfirmed_change) ++count.unconfirmed;
  }
  return count;
}

FindingCount& FindingCount::operator+=(const FindingCount& other) {
  disputed += other.disputed;
  unconfirmed += other.unconfirmed;
  inconsistent += other.inconsistent;
  return *this;
}

FindingCount& FindingCount::operator-=(const FindingCount& other) {
  disputed -= other.disputed;
  unconfirmed -= other.unconfirmed;
  inconsistent -= other.inconsistent;
  return *this;
}

bool FindingCounts::MoreThan(const FindingCounts& before,
                             std::uint32_t FindingCount::* kind) const {
  for (std::size_t i = 0; i < kFacets; ++i) {
    if (counts_[i].*kind > before.counts_[i].*kind) return true;
  }
  return false;
}

void ToldFindings::Tally(std::pair<std::string, std::string> text, int by) {
  const auto at = told_.emplace(std::move(text), 0).first;
  at->second += by;
  if (at->second == 0) told_.erase(at);
}

}  // namespace entente::domain
