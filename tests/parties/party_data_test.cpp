// The data of data/ and iso-codes, held to what the registry promises of them.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "domain/parties/party_registry.h"
#include "domain/parties/party_tables.h"
#include "domain/spelling/name_key.h"

namespace entente::domain {
namespace {

TEST(PartyData, NoSpellingMeansTwoParties) {
  const PartyTables& tables = BuiltInPartyTables();
  std::set<std::string> ambiguous;
  for (const SpellingRow& row : tables.ambiguous) ambiguous.insert(NameKey(row.text));
  for (const SpellingRow& row : tables.spellings) {
    const auto party = PartyRegistry::BuiltIn().Resolve(row.text);
    if (ambiguous.contains(NameKey(row.text))) {
      ASSERT_FALSE(party) << row.text;
      EXPECT_EQ(party.error().reason, Reason::kPartyAmbiguous) << row.text;
      continue;
    }
    ASSERT_TRUE(party) << row.text;
    EXPECT_EQ((*party)->code, tables.parties[row.party].code) << row.text;
  }
}

TEST(PartyData, WhatIsRefusedIsNobodysName) {
  for (const NotNameRow& row : BuiltInPartyTables().not_names) {
    const auto party = PartyRegistry::BuiltIn().Resolve(row.text);
    ASSERT_FALSE(party) << row.text << " is a name of " << (*party)->code;
    EXPECT_EQ(party.error().reason, Reason::kPartyNotAName) << row.text;
    EXPECT_FALSE(party.error().suggestions.empty()) << row.text;
  }
}

TEST(PartyData, ASuggestionCanBeSentUpToItsSpace) {
  for (const NotNameRow& row : BuiltInPartyTables().not_names) {
    const Error error = PartyRegistry::BuiltIn().Resolve(row.text).error();
    for (const std::string& line : error.suggestions) {
      const auto party = PartyRegistry::BuiltIn().Resolve(line.substr(0, line.find(' ')));
      ASSERT_TRUE(party) << line;
      EXPECT_EQ((*party)->code + " (" + (*party)->name + ")", line);
    }
  }
}

TEST(PartyData, LabelsAreUniqueAndOrdered) {
  std::set<std::string> codes, names, short_names;
  bool organisations = false;
  std::string last;
  for (const KnownParty& party : PartyRegistry::BuiltIn().all()) {
    EXPECT_TRUE(codes.insert(party.code).second) << party.code;
    EXPECT_TRUE(names.insert(party.name).second) << party.name;
    EXPECT_TRUE(short_names.insert(party.short_name).second) << party.short_name;
    if (party.organisation && !organisations) {
      organisations = true;
      last.clear();
    }
    EXPECT_EQ(party.organisation, organisations) << party.code;
    EXPECT_LT(last, party.code);
    last = party.code;
    EXPECT_EQ(PartyRegistry::BuiltIn().Find(party.code), &party);
  }
  EXPECT_GE(codes.size(), 249u + 1 + 7 + 20);
}

// "Iran, Islamic Republic of" is for sorted lists, not for print.
TEST(PartyData, NoLabelIsInverted) {
  for (const KnownParty& party : PartyRegistry::BuiltIn().all()) {
    EXPECT_FALSE(party.name.ends_with(" of") || party.name.ends_with(" the")) << party.name;
  }
}

}  // namespace
}  // namespace entente::domain
