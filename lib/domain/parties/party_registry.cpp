#include "domain/parties/party_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "domain/parties/party_tables.h"
#include "domain/spelling/name_key.h"
#include "domain/spelling/nearest.h"

namespace entente::domain {
namespace {

constexpr std::size_t kSuggestions = 3;
// Nobody's name is longer; what is, need not be folded, compared or echoed whole.
constexpr std::size_t kLongestName = 200;

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <class Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

struct NotNameEntry {
  NotName kind = NotName::kDemonym;
  std::vector<std::uint16_t> parties;
};

// Words that narrow or widen the name before them.
constexpr std::array kQualifiers = {" excluding ", " except ",    " without ", " other than ",
                                    " outside ",   " including ", " and its "};

Day DayOf(std::int32_t since_epoch) {
  return Day(std::chrono::sys_days(std::chrono::days(since_epoch)));
}

const char* Describe(NotName kind) {
  switch (kind) {
    case NotName::kDemonym:
      return "says who somebody is, not which party takes part";
    case NotName::kCapital:
      return "is a place, not the party whose government sits there";
    case NotName::kPart:
      return "is part of a party, not one that takes part";
  }
  return "";
}

std::string Shown(std::string_view text) {
  return std::string(text.size() <= kLongestName ? text : text.substr(0, kLongestName));
}

}  // namespace

struct PartyRegistry::Tables {
  std::vector<KnownParty> parties;
  std::unordered_map<std::string_view, std::uint16_t> by_code;  // into `parties`
  // As they stand in the data: what a well-behaved sender writes is found without folding.
  std::unordered_map<std::string_view, std::uint16_t> by_spelling;
  ByText<std::uint16_t> by_key;
  ByText<std::vector<std::uint16_t>> ambiguous;
  ByText<NotNameEntry> not_names;
  std::vector<Spelling> near;
  std::span<const MembershipRow> memberships;

  Tables();
  std::string Suggestion(std::uint16_t party) const {
    return fmt::format("{} ({})", parties[party].code, parties[party].name);
  }
  template <class Owners>
  std::vector<std::string> Suggestions(const Owners& owners) const {
    std::vector<std::string> lines;
    for (const auto owner : owners) lines.push_back(Suggestion(static_cast<std::uint16_t>(owner)));
    return lines;
  }
  std::optional<std::uint16_t> Exact(std::string_view text) const;
  std::optional<Error> Qualified(std::string_view text, std::string_view key) const;
};

PartyRegistry::Tables::Tables() {
  const PartyTables& rows = BuiltInPartyTables();
  memberships = rows.memberships;
  parties.reserve(rows.parties.size());
  for (const PartyRow& row : rows.parties) {
    parties.push_back({std::string(row.code), std::string(row.name), std::string(row.short_name),
                       row.organisation,
                       row.until == kNoDay ? std::nullopt : std::optional(DayOf(row.until))});
  }
  for (std::uint16_t i = 0; i < parties.size(); ++i) by_code.emplace(parties[i].code, i);
  for (const SpellingRow& row : rows.ambiguous) ambiguous[NameKey(row.text)].push_back(row.party);
  for (const SpellingRow& row : rows.spellings) {
    std::string key = NameKey(row.text);
    if (ambiguous.contains(key)) continue;  // ISO calls CG just "Congo"
    by_spelling.emplace(row.text, row.party);
    by_key.emplace(std::move(key), row.party);
  }
  for (const NotNameRow& row : rows.not_names) {
    NotNameEntry& entry = not_names[NameKey(row.text)];
    entry.kind = row.kind;
    entry.parties.push_back(row.party);
  }
  for (const auto& [key, party] : by_key) near.push_back({key, party});
}

std::optional<std::uint16_t> PartyRegistry::Tables::Exact(std::string_view text) const {
  if (const auto found = by_spelling.find(text); found != by_spelling.end()) return found->second;
  if (const auto found = by_key.find(NameKey(text)); found != by_key.end()) return found->second;
  return std::nullopt;
}

// "Denmark (excluding Greenland)", "China, except Hong Kong", "Foreign Affairs (France)".
std::optional<Error> PartyRegistry::Tables::Qualified(std::string_view text,
                                                      std::string_view key) const {
  std::vector<std::string> names;
  if (const std::size_t open = text.find('('); open != text.npos) {
    const std::size_t close = text.find(')', open);
    names.emplace_back(text.substr(0, open));
    names.emplace_back(text.substr(open + 1, close == text.npos ? close : close - open - 1));
  }
  for (const std::string_view qualifier : kQualifiers) {
    if (const std::size_t at = key.find(qualifier); at != key.npos) {
      names.emplace_back(key.substr(0, at));
    }
  }
  for (const std::string& name : names) {
    if (const auto party = Exact(name)) {
      return Error{Reason::kPartyNotAName,
                   "",
                   Shown(text),
                   fmt::format("'{}' is a name with a qualifier; name the party alone, or each one",
                               Shown(text)),
                   std::nullopt,
                   {Suggestion(*party)}};
    }
  }
  return std::nullopt;
}

PartyRegistry::PartyRegistry() : tables_(std::make_unique<const Tables>()) {}
PartyRegistry::~PartyRegistry() = default;

const PartyRegistry& PartyRegistry::BuiltIn() {
  static const PartyRegistry registry;
  return registry;
}

Result<const KnownParty*> PartyRegistry::Resolve(std::string_view name_or_code) const {
  const Tables& t = *tables_;
  if (name_or_code.size() > kLongestName) {
    return Fail(Reason::kPartyUnknown, "", Shown(name_or_code),
                fmt::format("longer than {} bytes: no party has such a name", kLongestName));
  }
  if (const auto found = t.by_spelling.find(name_or_code); found != t.by_spelling.end()) {
    return &t.parties[found->second];
  }
  const std::string key = NameKey(name_or_code);
  if (const auto found = t.by_key.find(key); found != t.by_key.end()) {
    return &t.parties[found->second];
  }
  if (const auto found = t.ambiguous.find(key); found != t.ambiguous.end()) {
    std::string either;
    for (const std::uint16_t party : found->second) {
      if (!either.empty()) either += " or ";
      either += t.parties[party].name;
    }
    return Fail({Reason::kPartyAmbiguous, "", std::string(name_or_code),
                 fmt::format("'{}' may be {}", name_or_code, either), std::nullopt,
                 t.Suggestions(found->second)});
  }
  if (const auto found = t.not_names.find(key); found != t.not_names.end()) {
    return Fail({Reason::kPartyNotAName, "", std::string(name_or_code),
                 fmt::format("'{}' {}", name_or_code, Describe(found->second.kind)), std::nullopt,
                 t.Suggestions(found->second.parties)});
  }
  if (auto qualified = t.Qualified(name_or_code, key)) return Fail(std::move(*qualified));
  return Fail({Reason::kPartyUnknown, "", std::string(name_or_code),
               fmt::format("no country or organisation is known as '{}'", name_or_code),
               std::nullopt, t.Suggestions(NearestOwners(key, t.near, kSuggestions))});
}

const KnownParty* PartyRegistry::Find(std::string_view code) const {
  const auto found = tables_->by_code.find(code);
  return found == tables_->by_code.end() ? nullptr : &tables_->parties[found->second];
}

std::vector<std::string> PartyRegistry::MembersOn(std::string_view organisation, Day day) const {
  std::vector<std::string> codes;
  const auto found = tables_->by_code.find(organisation);
  if (found == tables_->by_code.end()) return codes;
  for (const MembershipRow& row : tables_->memberships) {
    if (row.organisation == found->second && row.from <= day.since_epoch() &&
        day.since_epoch() <= row.until) {
      codes.push_back(tables_->parties[row.member].code);
    }
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

std::vector<std::string> PartyRegistry::OrganisationsOf(std::string_view country, Day day) const {
  std::vector<std::string> ids;
  const auto found = tables_->by_code.find(country);
  if (found == tables_->by_code.end()) return ids;
  for (const MembershipRow& row : tables_->memberships) {
    if (row.member == found->second && row.from <= day.since_epoch() &&
        day.since_epoch() <= row.until) {
      ids.push_back(tables_->parties[row.organisation].code);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::span<const KnownParty> PartyRegistry::all() const { return tables_->parties; }

}  // namespace entente::domain
