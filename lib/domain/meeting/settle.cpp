#include "domain/meeting/settle.h"

#include <algorithm>
#include <utility>

namespace entente::domain {

namespace {

using Why = v1::Fact::Rival::Why;

// The graver the reason, the more it says about a value that several reports gave.
int Gravity(Why why) {
  switch (why) {
    case v1::Fact::Rival::disputed:
      return 2;
    case v1::Fact::Rival::unconfirmed_change:
      return 1;
    default:
      return 0;
  }
}

Why WhyBeaten(const Assertion& beaten, const Assertion& winner, bool highest_official) {
  if (Peers(*beaten.said, *winner.said) && Contradict(*beaten.said, *winner.said)) {
    return v1::Fact::Rival::disputed;
  }
  if (beaten.said->rank > winner.said->rank) return v1::Fact::Rival::unconfirmed_change;
  if (highest_official && winner.said->rank.authority == Authority::kMedia) {
    return v1::Fact::Rival::unconfirmed_change;
  }
  return v1::Fact::Rival::superseded;
}

v1::Fact::Rival& RivalOf(v1::Fact& fact, std::string_view value) {
  for (auto& rival : *fact.mutable_rivals()) {
    if (rival.value() == value) return rival;
  }
  auto& rival = *fact.add_rivals();
  rival.set_value(std::string(value));
  return rival;
}

bool IsOfficial(const Assertion& assertion) {
  return assertion.said->rank.authority == Authority::kOfficial;
}

void SortAndDropTwice(std::vector<std::string_view>& values) {
  std::ranges::sort(values);
  const auto twice = std::ranges::unique(values);
  values.erase(twice.begin(), twice.end());
}

}  // namespace

void AddRival(v1::Fact& fact, std::string_view value, Why why, std::uint32_t said_by) {
  auto& rival = RivalOf(fact, value);
  rival.add_said_by(said_by);
  if (rival.why() == v1::Fact::Rival::unspecified || Gravity(why) > Gravity(rival.why())) {
    rival.set_why(why);
  }
  if (why == v1::Fact::Rival::disputed) fact.set_disputed(true);
  if (why == v1::Fact::Rival::unconfirmed_change) fact.set_unconfirmed(true);
}

std::optional<std::size_t> WinnerOf(std::span<const Assertion> assertions) {
  for (std::size_t i = assertions.size(); i-- > 0;) {
    if (Firm(*assertions[i].said)) return i;
  }
  if (assertions.empty()) return std::nullopt;
  return assertions.size() - 1;
}

v1::Fact Settle(std::span<const Assertion> assertions) {
  v1::Fact fact;
  const auto at = WinnerOf(assertions);
  if (!at) return fact;
  const Assertion& winner = assertions[*at];
  fact.set_value(std::string(winner.value));
  bool official_met = false;
  for (std::size_t i = assertions.size(); i-- > 0;) {
    const Assertion& assertion = assertions[i];
    const bool official = IsOfficial(assertion);
    const bool highest_official =
        official && !std::exchange(official_met, official_met || official);
    if (assertion.value == winner.value) {
      fact.add_said_by(assertion.said->spoken_by);
      continue;
    }
    AddRival(fact, assertion.value, WhyBeaten(assertion, winner, highest_official),
             assertion.said->spoken_by);
  }
  return fact;
}

Decision Decide(std::span<const Assertion> assertions) {
  Decision decision;
  const auto at = WinnerOf(assertions);
  if (!at) return decision;
  const Assertion& winner = assertions[*at];
  decision.asserted = true;
  decision.value = winner.value;
  std::vector<std::string_view> unconfirmed;
  const auto place = [&](const Assertion& assertion, bool highest_official) {
    if (assertion.value == winner.value) return;
    const Why why = WhyBeaten(assertion, winner, highest_official);
    if (why == v1::Fact::Rival::disputed) decision.disputed.push_back(assertion.value);
    if (why == v1::Fact::Rival::unconfirmed_change) unconfirmed.push_back(assertion.value);
  };
  bool official_met = false;
  for (std::size_t i = assertions.size(); i-- > 0;) {
    const Assertion& assertion = assertions[i];
    const bool near = i >= *at || Peers(*assertion.said, *winner.said);
    // Below, only the highest official one can still be more than history.
    if (!near && (official_met || winner.said->rank.authority != Authority::kMedia)) break;
    const bool official = IsOfficial(assertion);
    if (near || official) place(assertion, official && !official_met);
    official_met |= official;
  }
  SortAndDropTwice(decision.disputed);
  SortAndDropTwice(unconfirmed);
  decision.unconfirmed =
      static_cast<std::uint32_t>(std::ranges::count_if(unconfirmed, [&](std::string_view value) {
        return !std::ranges::binary_search(decision.disputed, value);
      }));
  return decision;
}

}  // namespace entente::domain
