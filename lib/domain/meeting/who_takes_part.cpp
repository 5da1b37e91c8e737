#include "domain/meeting/who_takes_part.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "domain/event/stream_name.h"
#include "domain/meeting/settle.h"

namespace entente::domain {

namespace {

constexpr std::string_view kIn = "in";
constexpr std::string_view kOut = "out";
// So many disputed parties are settled every way; each more would double the ways.
constexpr std::size_t kDisputedMax = 5;

// What one report says on who takes part, names resolved.
struct Roll {
  const Said* said = nullptr;
  std::vector<std::pair<std::string_view, v1::Party::Role>> in;  // in its order
  std::size_t listed = 0;  // of those, how many stand in the list of parties
  std::vector<std::string_view> out;
};

Roll CallRoll(const Said& said, const Registries& registries) {
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

struct Words {
  std::vector<Assertion> presence;
  std::vector<Assertion> role;
};

bool IsSideRole(v1::Party::Role role) {
  return role == v1::Party::unspecified || role == v1::Party::participant ||
         role == v1::Party::host;
}

v1::Party::Role RoleOf(const Words& words) {
  v1::Party::Role role = v1::Party::participant;
  if (const auto winner = WinnerOf(words.role))
    v1::Party::Role_Parse(words.role[*winner].value, &role);
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

// Every two that it was at some time a meeting of. Of who stands in the reading only what it has
// is heard.
std::set<std::string> PairsEver(const std::vector<Roll>& rolls,
                                const std::map<std::string_view, Words>& all,
                                const Reading& reading) {
  const auto heard = [&](std::string_view code, bool in) {
    const auto settled = reading.find(code);
    return settled == reading.end() || settled->second == in;
  };
  const bool firm = std::ranges::any_of(rolls, [](const Roll& roll) { return Firm(*roll.said); });
  std::set<std::string> pairs;
  std::set<std::string_view> sides;
  const auto note = [&] {
    if (sides.size() != 2) return;
    pairs.insert(
        PairStream(*sides.begin(), *sides.rbegin()).substr(std::string_view("pair/").size()));
  };
  for (const Roll& roll : rolls) {
    if (Firm(*roll.said) != firm) continue;
    for (const auto& [code, role] : roll.in) {
      if (IsSideRole(RoleOf(all.at(code))) && heard(code, true)) sides.insert(code);
    }
    for (const std::string_view code : roll.out) {
      if (heard(code, false)) sides.erase(code);
    }
    note();
  }
  return pairs;
}

// Pairs that some ways of settling who takes part make and others do not.
std::set<std::string> DoubtfulPairs(const std::vector<Roll>& rolls,
                                    const std::map<std::string_view, Words>& all,
                                    const std::vector<std::string_view>& disputed) {
  if (disputed.empty()) return {};
  std::map<std::string, unsigned> made;
  const unsigned ways = 1U << std::min(disputed.size(), kDisputedMax);
  for (unsigned way = 0; way < ways; ++way) {
    Reading reading;
    for (std::size_t i = 0; i < disputed.size() && i < kDisputedMax; ++i) {
      reading.emplace(disputed[i], ((way >> i) & 1U) != 0);
    }
    for (const std::string& pair : PairsEver(rolls, all, reading)) ++made[pair];
  }
  std::set<std::string> doubtful;
  for (const auto& [pair, times] : made) {
    if (times < ways) doubtful.insert(pair);
  }
  return doubtful;
}

}  // namespace

bool IsSide(const v1::PartyFact& party) { return !party.removed() && IsSideRole(party.role()); }

void FoldParties(const std::vector<const Said*>& telling, std::span<const Said> reports,
                 const Registries& registries, v1::Meeting& meeting, Findings& findings) {
  std::vector<Roll> rolls;
  std::map<std::string_view, Words> all;
  for (const Said* said : telling) {
    if (said->facts->meeting().parties().empty() && !said->facts->has_parties_changed()) continue;
    rolls.push_back(CallRoll(*said, registries));
    for (const auto& [code, role] : rolls.back().in) {
      all[code].presence.push_back({said, std::string(kIn)});
      if (role != v1::Party::unspecified) {
        all[code].role.push_back({said, v1::Party::Role_Name(role)});
      }
    }
    for (const std::string_view code : rolls.back().out) {
      all[code].presence.push_back({said, std::string(kOut)});
    }
  }
  if (rolls.empty()) return;

  std::set<std::string_view> present;
  std::vector<std::string_view> disputed;
  std::vector<v1::PartyFact> facts;
  for (const auto& [code, words] : all) {
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

  const auto order = PrintedOrder(rolls, present);
  const auto place = [&](const v1::PartyFact& fact) {
    const auto found = order.find(fact.code());
    return std::pair(fact.removed(), found == order.end() ? order.size() : found->second);
  };
  std::ranges::stable_sort(facts, {}, place);  // by code before
  for (auto& fact : facts) *meeting.add_parties() = std::move(fact);
  for (const auto& pair : PairsEver(rolls, all, {})) meeting.add_pairs(pair);
  for (const auto& pair : DoubtfulPairs(rolls, all, disputed)) meeting.add_doubtful_pairs(pair);
}

}  // namespace entente::domain
