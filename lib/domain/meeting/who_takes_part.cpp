#include "domain/meeting/who_takes_part.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>

#include "domain/event/stream_name.h"

namespace entente::domain {

namespace {

constexpr std::string_view kIn = "in";
constexpr std::string_view kOut = "out";
// So many disputed parties are settled every way; each more would double the ways.
constexpr std::size_t kDisputedMax = 5;

Roll RollOf(const Said& said, const Registries& registries) {
  Roll roll{&said, {}, 0, {}};
  const v1::PartiesChanged& changed = said.facts->parties_changed();
  for (const auto& name : changed.removed()) roll.out.push_back(registries.CodeOf(name));
  const auto name = [&](const v1::Party& party) {
    const std::string_view code = registries.CodeOf(party.name());
    const bool known =
        std::ranges::any_of(roll.in, [&](const auto& in) { return in.first == code; });
    // A report that tells of a removal may still list the party it was planned with.
    if (!known && std::ranges::find(roll.out, code) == roll.out.end()) {
      roll.in.emplace_back(code, party.role());
    }
  };
  for (const auto& party : said.facts->meeting().parties()) name(party);
  roll.listed = roll.in.size();
  for (const auto& party : changed.added()) name(party);
  return roll;
}

bool IsSideRole(v1::Party::Role role) {
  return role == v1::Party::unspecified || role == v1::Party::participant ||
         role == v1::Party::host;
}

v1::Party::Role RoleOf(const PartyWords& words) {
  v1::Party::Role role = v1::Party::participant;
  if (const auto winner = WinnerOf(words.role)) {
    v1::Party::Role_Parse(std::string(words.role[*winner].value), &role);
  }
  return role;
}

// Places of codes in the list of the highest-ranked report that names two parties who are in.
std::map<std::string_view, std::size_t> PrintedOrder(const std::vector<Roll>& rolls,
                                                     const std::set<std::string_view>& present) {
  const bool firm = std::ranges::any_of(rolls, [](const Roll& roll) { return Firm(*roll.said); });
  for (auto roll = rolls.rbegin(); roll != rolls.rend(); ++roll) {
    if (Firm(*roll->said) != firm) continue;
    std::map<std::string_view, std::size_t> order;
    for (std::size_t i = 0; i < roll->listed; ++i) {
      if (present.contains(roll->in[i].first)) order.emplace(roll->in[i].first, order.size());
    }
    if (order.size() >= 2) return order;
  }
  return {};
}

// Who takes part and who does not, settled for the disputed ones one way or the other.
using Reading = std::map<std::string_view, bool>;

// Of who stands in the reading only what it has is heard.
void StepReading(const Roll& roll, const RollCall& call, const Reading& reading, PairWalk& walk) {
  const auto heard = [&](std::string_view code, bool in) {
    const auto settled = reading.find(code);
    return settled == reading.end() || settled->second == in;
  };
  for (const auto& [code, role] : roll.in) {
    if (IsSideRole(RoleOf(call.parties.at(code))) && heard(code, true)) walk.sides.insert(code);
  }
  for (const std::string_view code : roll.out) {
    if (heard(code, false)) walk.sides.erase(code);
  }
  if (walk.sides.size() != 2) return;
  walk.pairs.insert(PairStream(*walk.sides.begin(), *walk.sides.rbegin())
                        .substr(std::string_view("pair/").size()));
}

PairWalk WalkReading(const RollCall& call, const Reading& reading) {
  const bool firm = AnyFirm(call);
  PairWalk walk;
  for (const Roll& roll : call.rolls) {
    if (Firm(*roll.said) == firm) StepReading(roll, call, reading, walk);
  }
  return walk;
}

}  // namespace

const Roll* CallRoll(const Said& said, const Registries& registries, RollCall& call) {
  if (said.facts->meeting().parties().empty() && !said.facts->has_parties_changed()) return nullptr;
  Roll roll = RollOf(said, registries);
  for (const auto& [code, role] : roll.in) {
    PartyWords& words = call.parties[code];
    InsertByRank(words.presence, {&said, kIn});
    if (role != v1::Party::unspecified) {
      InsertByRank(words.role, {&said, v1::Party::Role_Name(role)});
    }
  }
  for (const std::string_view code : roll.out) {
    InsertByRank(call.parties[code].presence, {&said, kOut});
  }
  InsertByRank(call.rolls, std::move(roll));
  const auto place = std::ranges::upper_bound(call.rolls, said.rank, {},
                                              [](const Roll& other) { return other.said->rank; });
  return &*std::prev(place);
}

void Strike(const Said& said, RollCall& call) {
  const auto is_its = [&](const auto& word) { return word.said == &said; };
  std::erase_if(call.rolls, is_its);
  for (auto& [code, words] : call.parties) {
    std::erase_if(words.presence, is_its);
    std::erase_if(words.role, is_its);
  }
  std::erase_if(call.parties, [](const auto& party) { return party.second.presence.empty(); });
}

PartyOutline OutlineParty(const PartyWords& words) {
  const Decision presence = Decide(words.presence);
  PartyOutline party;
  party.removed = presence.value != kIn;
  // Otherwise nobody has said that it was ever to take part.
  party.known = !party.removed || std::ranges::any_of(words.presence, [](const Assertion& word) {
    return word.value == kIn;
  });
  party.disputed = !presence.disputed.empty();
  party.role = RoleOf(words);
  party.findings = FindingCount::Of(presence);
  return party;
}

bool AnyFirm(const RollCall& call) {
  return std::ranges::any_of(call.rolls, [](const Roll& roll) { return Firm(*roll.said); });
}

void Step(const Roll& roll, const RollCall& call, PairWalk& walk) {
  StepReading(roll, call, {}, walk);
}

PairWalk WalkPairs(const RollCall& call) { return WalkReading(call, {}); }

std::set<std::string> DoubtfulPairs(const RollCall& call,
                                    const std::vector<std::string_view>& disputed) {
  if (disputed.empty()) return {};
  std::map<std::string, unsigned> made;
  const unsigned ways = 1U << std::min(disputed.size(), kDisputedMax);
  for (unsigned way = 0; way < ways; ++way) {
    Reading reading;
    for (std::size_t i = 0; i < disputed.size() && i < kDisputedMax; ++i) {
      reading.emplace(disputed[i], ((way >> i) & 1U) != 0);
    }
    for (const std::string& pair : WalkReading(call, reading).pairs) ++made[pair];
  }
  std::set<std::string> doubtful;
  for (const auto& [pair, times] : made) {
    if (times < ways) doubtful.insert(pair);
  }
  return doubtful;
}

bool IsSide(const v1::PartyFact& party) { return !party.removed() && IsSideRole(party.role()); }
bool IsSide(const PartyOutline& party) {
  return party.known && !party.removed && IsSideRole(party.role);
}

void FoldParties(const std::vector<const Said*>& telling, std::span<const Said> reports,
                 const Registries& registries, v1::Meeting& meeting, Findings& findings) {
  RollCall call;
  for (const Said* said : telling) CallRoll(*said, registries, call);
  if (call.rolls.empty()) return;

  std::set<std::string_view> present;
  std::vector<std::string_view> disputed;
  std::vector<v1::PartyFact> facts;
  for (const auto& [code, words] : call.parties) {
    const v1::Fact presence = Settle(words.presence);
    const bool in = presence.value() == kIn;
    // Nobody has said that it was ever to take part.
    const bool known = in || presence.rivals_size() > 0;
    if (in) present.insert(code);
    if (presence.disputed()) disputed.push_back(code);
    findings.AddFor("parties", registries.NameOf(code), presence, reports,
                    [](const std::string& value) {
                      return std::string(value == kIn ? "taking part" : "not taking part");
                    });
    if (!known) continue;
    v1::PartyFact fact;
    fact.set_code(std::string(code));
    fact.set_role(RoleOf(words));
    *fact.mutable_said_by() = presence.said_by();
    fact.set_removed(!in);
    fact.set_disputed(presence.disputed());
    facts.push_back(std::move(fact));
  }

  const auto order = PrintedOrder(call.rolls, present);
  const auto place = [&](const v1::PartyFact& fact) {
    const auto found = order.find(fact.code());
    return std::pair(fact.removed(), found == order.end() ? order.size() : found->second);
  };
  std::ranges::stable_sort(facts, {}, place);  // by code before
  for (auto& fact : facts) *meeting.add_parties() = std::move(fact);
  for (const auto& pair : WalkPairs(call).pairs) meeting.add_pairs(pair);
  for (const auto& pair : DoubtfulPairs(call, disputed)) meeting.add_doubtful_pairs(pair);
}

}  // namespace entente::domain
