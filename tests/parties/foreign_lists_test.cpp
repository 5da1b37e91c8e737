// Two lists of countries that others keep, against the registry: every code resolves to itself,
// every name to its code or stands among the refusals below.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "domain/parties/party_registry.h"

namespace entente::domain {
namespace {

using Row = std::map<std::string, std::string>;

// Comma-separated values with a header; quoted fields may hold commas, "" is a quote.
std::vector<Row> ReadCsv(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[i++];
      } else if (line[i] == '"') {
        quoted = !quoted;
      } else if (line[i] == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += line[i];
      }
    }
    lines.push_back(std::move(fields));
  }
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    Row row;
    for (std::size_t f = 0; f < lines[0].size() && f < lines[i].size(); ++f) {
      row[lines[0][f]] = lines[i][f];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// Names that others give to one country and we ask about.
const std::map<std::string, std::string> kRefused = {
    {"Congo", "also DR Congo"},
    {"Guiana", "French Guiana or Guyana"},
    {"Virgin Islands", "British or US"},
};

void ExpectKnown(const std::string& code, const std::string& spelling) {
  const auto party = PartyRegistry::BuiltIn().Resolve(spelling);
  if (party) {
    EXPECT_EQ((*party)->code, code) << spelling;
    return;
  }
  EXPECT_TRUE(kRefused.contains(spelling)) << party.error().ToString();
  EXPECT_EQ(party.error().reason, Reason::kPartyAmbiguous) << spelling;
}

std::vector<Row> ForeignList(const char* file) {
  const auto path = std::filesystem::path(ENTENTE_SOURCE_DIR) / "../shared/data/codes" / file;
  if (!std::filesystem::exists(path)) return {};
  return ReadCsv(path);
}

TEST(ForeignLists, IsoCodesAndNames) {
  const auto rows = ForeignList("iso3166_all.csv");
  if (rows.empty()) GTEST_SKIP() << "no list of ISO 3166-1 at hand";
  EXPECT_EQ(rows.size(), 249u);
  for (const Row& row : rows) {
    const std::string& code = row.at("alpha-2");
    const KnownParty* party = PartyRegistry::BuiltIn().Find(code);
    ASSERT_NE(party, nullptr) << code;
    for (const char* column : {"alpha-2", "alpha-3", "country-code", "name"}) {
      ExpectKnown(code, row.at(column));
    }
  }
}

TEST(ForeignLists, CommonAndOfficialNames) {
  const auto rows = ForeignList("mledoze_countries.csv");
  if (rows.empty()) GTEST_SKIP() << "no list of common and official names at hand";
  EXPECT_EQ(rows.size(), 250u);
  for (const Row& row : rows) {
    const std::string& code = row.at("cca2");
    for (const char* column : {"cca2", "cca3", "ccn3", "name.common", "name.official"}) {
      if (!row.at(column).empty()) ExpectKnown(code, row.at(column));
    }
  }
}

}  // namespace
}  // namespace entente::domain
