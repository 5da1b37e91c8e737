// The tables that scripts/generate-parties writes from iso-codes and data/. Only the registry and
// its tests read them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace entente::domain {

inline constexpr std::int32_t kNoDay = INT32_MAX;

// Countries and former states by code, then organisations by id.
struct PartyRow {
  std::string_view code, name, short_name;
  bool organisation;
  std::int32_t until;  // last day, counted from 1970; kNoDay: exists
};

// A code, name or alias, and the party it means: an index into the parties.
struct SpellingRow {
  std::string_view text;
  std::uint16_t party;
};

enum class NotName : std::uint8_t { kDemonym, kCapital, kPart };

struct NotNameRow {
  std::string_view text;
  NotName kind;
  std::uint16_t party;
};

// First and last day of a membership, counted from 1970; kNoDay: still a member.
struct MembershipRow {
  std::uint16_t organisation, member;
  std::int32_t from, until;
};

struct PartyTables {
  std::span<const PartyRow> parties;
  std::span<const SpellingRow> spellings;
  std::span<const SpellingRow> ambiguous;  // a row for each party a text may mean
  std::span<const NotNameRow> not_names;
  std::span<const MembershipRow> memberships;
};

const PartyTables& BuiltInPartyTables();

}  // namespace entente::domain
