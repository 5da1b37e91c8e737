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

v1::Fact::Rival& RivalOf(v1::Fact& fact, const std::string& value) {
  for (auto& rival : *fact.mutable_rivals()) {
    if (rival.value() == value) return rival;
  }
  auto& rival = *fact.add_rivals();
  rival.set_value(value);
  return rival;
}

}  // namespace

void AddRival(v1::Fact& fact, const std::string& value, Why why, std::uint32_t said_by) {
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
  fact.set_value(winner.value);
  bool official_met = false;
  for (std::size_t i = assertions.size(); i-- > 0;) {
    const Assertion& assertion = assertions[i];
    const bool official = assertion.said->rank.authority == Authority::kOfficial;
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

}  // namespace entente::domain
