#include "domain/parties/party_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace entente::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const PartyRegistry& Registry() { return PartyRegistry::BuiltIn(); }

// "JP", or "PARTY_UNKNOWN: JP (Japan); …".
std::string Outcome(std::string_view text) {
  const auto party = Registry().Resolve(text);
  if (party) return (*party)->code;
  std::string line(Describe(party.error().reason).name);
  std::string_view between = ": ";
  for (const std::string& suggestion : party.error().suggestions) {
    line.append(between).append(suggestion);
    between = "; ";
  }
  return line;
}

struct Case {
  const char* text;
  const char* outcome;
};

void Check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(Outcome(c.text), c.outcome) << c.text;
}

TEST(ResolveParty, TakesCodes) {
  Check({{"JP", "JP"},  {"jp", "JP"},           {"JPN", "JP"},    {"392", "JP"},
         {"008", "AL"}, {"8", "PARTY_UNKNOWN"}, {"XK", "XK"},     {"XKX", "XK"},
         {"UNK", "XK"}, {"UK", "GB"},           {"EL", "GR"},     {"GB", "GB"},
         {"TW", "TW"},  {"TWN", "TW"},          {"PSE", "PS"},    {"eu", "eu"},
         {"EU", "eu"},  {"asean", "asean"},     {"CSHH", "CSHH"}, {"SCG", "CSXX"}});
}

TEST(ResolveParty, TakesNamesWhateverTheSpelling) {
  Check({{"Japan", "JP"},
         {"  japan ", "JP"},
         {"Cote d'Ivoire", "CI"},
         {"CÔTE D’IVOIRE", "CI"},
         {"St. Lucia", "LC"},
         {"the Philippines", "PH"},
         {"Bosnia & Herzegovina", "BA"},
         {"U.S.A.", "US"},
         {"U.K.", "GB"},
         {"Guinea Bissau", "GW"},
         {"Viet Nam", "VN"},
         {"Georgia", "GE"},
         {"Niger", "NE"},
         {"Nigeria", "NG"},
         {"Guinea", "GN"},
         {"Equatorial Guinea", "GQ"},
         {"Papua New Guinea", "PG"}});
}

TEST(ResolveParty, KnowsWhatIsoCodesLacks) {
  Check({{"Russia", "RU"},
         {"Brunei", "BN"},
         {"Holy See", "VA"},
         {"Vatican City", "VA"},
         {"Cape Verde", "CV"},
         {"Cabo Verde", "CV"},
         {"Republic of Korea", "KR"},
         {"DPRK", "KP"},
         {"State of Palestine", "PS"},
         {"Democratic Republic of the Congo", "CD"},
         {"DR Congo", "CD"},
         {"Congo-Brazzaville", "CG"},
         {"Republic of the Congo", "CG"},
         {"Macedonia", "MK"},
         {"North Macedonia", "MK"},
         {"Swaziland", "SZ"},
         {"Turkey", "TR"},
         {"Türkiye", "TR"},
         {"Czech Republic", "CZ"},
         {"Britain", "GB"},
         {"Great Britain", "GB"},
         {"America", "US"},
         {"Taipei", "TW"},
         {"Chinese Taipei", "TW"},
         {"Ivory Coast", "CI"},
         {"Kosovo", "XK"},
         {"Hong Kong", "HK"},
         {"Macau", "MO"}});
}

TEST(ResolveParty, TellsStatesThatChangedTheirNameFromThoseThatAreNoMore) {
  Check({{"Burma", "MM"},
         {"BU", "MM"},
         {"Zaire", "CD"},
         {"ZR", "CD"},
         {"Ceylon", "LK"},
         {"SU", "SU"},
         {"USSR", "SU"},
         {"Soviet Union", "SU"},
         {"YU", "YU"},
         {"DD", "DD"},
         {"East Germany", "DD"},
         {"West Germany", "DE"},
         {"CSK", "CSHH"},
         {"Czechoslovakia", "CSHH"},
         {"Serbia and Montenegro", "CSXX"},
         {"China, People’s Republic of", "CN"},
         {"Netherlands Antilles", "AN"}});
  EXPECT_EQ(Registry().Find("SU")->until, Day::FromIso("1991-12-26"));
  EXPECT_EQ(Registry().Find("DD")->until, Day::FromIso("1990-10-02"));
  EXPECT_EQ(Registry().Find("JP")->until, std::nullopt);
}

TEST(ResolveParty, AsksWhichOneIsMeant) {
  Check(
      {{"Korea", "PARTY_AMBIGUOUS: KR (South Korea); KP (North Korea)"},
       {"CONGO",
        "PARTY_AMBIGUOUS: CD (Democratic Republic of the Congo); "
        "CG (Republic of the Congo)"},
       {"CS", "PARTY_AMBIGUOUS: CSHH (Czechoslovakia); CSXX (Serbia and Montenegro)"},
       {"Virgin Islands", "PARTY_AMBIGUOUS: VG (British Virgin Islands); VI (US Virgin Islands)"}});
}

TEST(ResolveParty, RefusesWhatIsNoName) {
  Check({// demonyms
         {"Japanese", "PARTY_NOT_A_NAME: JP (Japan)"},
         {"british", "PARTY_NOT_A_NAME: GB (United Kingdom)"},
         {"Korean", "PARTY_NOT_A_NAME: KP (North Korea); KR (South Korea)"},
         {"Congolese",
          "PARTY_NOT_A_NAME: CD (Democratic Republic of the Congo); "
          "CG (Republic of the Congo)"},
         // capitals and seats of government
         {"Washington", "PARTY_NOT_A_NAME: US (United States)"},
         {"Beijing", "PARTY_NOT_A_NAME: CN (China)"},
         {"Brussels", "PARTY_NOT_A_NAME: BE (Belgium); eu (European Union)"},
         {"the Kremlin", "PARTY_NOT_A_NAME: RU (Russia)"},
         // parts
         {"Scotland", "PARTY_NOT_A_NAME: GB (United Kingdom)"},
         {"Gaza", "PARTY_NOT_A_NAME: PS (Palestine)"},
         // names with a qualifier
         {"Denmark (excluding Greenland)", "PARTY_NOT_A_NAME: DK (Denmark)"},
         {"China excluding Hong Kong", "PARTY_NOT_A_NAME: CN (China)"},
         {"China, except Macau", "PARTY_NOT_A_NAME: CN (China)"},
         {"Foreign Affairs (France)", "PARTY_NOT_A_NAME: FR (France)"}});
}

TEST(ResolveParty, KeepsACapitalCalledLikeItsCountry) {
  Check({{"Singapore", "SG"},
         {"Monaco", "MC"},
         {"San Marino", "SM"},
         {"Luxembourg", "LU"},
         {"Djibouti", "DJ"}});
}

TEST(ResolveParty, SuggestsTheNearest) {
  Check({{"Jpan", "PARTY_UNKNOWN: JP (Japan)"},
         {"Indonsia", "PARTY_UNKNOWN: ID (Indonesia)"},
         {"Philipines", "PARTY_UNKNOWN: PH (Philippines)"},
         {"Untied States", "PARTY_UNKNOWN: US (United States)"},
         {"Freedonia", "PARTY_UNKNOWN: MK (North Macedonia)"},
         {"Qwertyland", "PARTY_UNKNOWN"},
         {"QQ", "PARTY_UNKNOWN"},
         {"JPX", "PARTY_UNKNOWN: JP (Japan)"},
         {"", "PARTY_UNKNOWN"},
         {"\xff", "PARTY_UNKNOWN"}});
  EXPECT_THAT(Registry().Resolve("Germ").error().suggestions.front(), "DE (Germany)");
  EXPECT_LE(Registry().Resolve("Sout").error().suggestions.size(), 3u);
}

TEST(ResolveParty, SaysWhatItFound) {
  const Error error = Registry().Resolve("Tokyo").error();
  EXPECT_EQ(error.field, "");
  EXPECT_EQ(error.value, "Tokyo");
  EXPECT_EQ(error.message, "'Tokyo' is a place, not the party whose government sits there");
  const std::string endless(10'000, 'x');
  EXPECT_EQ(Registry().Resolve(endless).error().value.size(), 200u);
}

TEST(Labels, AreNeutralAndShortOnesArePrintable) {
  struct Label {
    const char *code, *name, *short_name;
  };
  for (const Label& label :
       {Label{"US", "United States", "US"}, Label{"GB", "United Kingdom", "Britain"},
        Label{"TW", "Taiwan", "Taiwan"}, Label{"PS", "Palestine", "Palestine"},
        Label{"KR", "South Korea", "South Korea"}, Label{"RU", "Russia", "Russia"},
        Label{"CD", "Democratic Republic of the Congo", "DR Congo"},
        Label{"AE", "United Arab Emirates", "UAE"}, Label{"eu", "European Union", "EU"}}) {
    const KnownParty* party = Registry().Find(label.code);
    ASSERT_NE(party, nullptr) << label.code;
    EXPECT_EQ(party->name, label.name);
    EXPECT_EQ(party->short_name, label.short_name);
  }
  EXPECT_EQ(Registry().Find("Japan"), nullptr);
  EXPECT_EQ(Registry().Find("jp"), nullptr);
}

Day On(const char* iso) { return *Day::FromIso(iso); }

TEST(Membership, HasDates) {
  EXPECT_THAT(Registry().MembersOn("eu", On("2020-01-31")), Contains("GB"));
  EXPECT_THAT(Registry().MembersOn("eu", On("2020-02-01")), Not(Contains("GB")));
  EXPECT_THAT(Registry().MembersOn("quad", On("2021-03-12")), ElementsAre("AU", "IN", "JP", "US"));
  EXPECT_THAT(Registry().MembersOn("quad", On("2010-01-01")), IsEmpty());
  EXPECT_THAT(Registry().MembersOn("aukus", On("2021-09-15")), ElementsAre("AU", "GB", "US"));
  EXPECT_THAT(Registry().MembersOn("aukus", On("2021-09-14")), IsEmpty());
  EXPECT_THAT(Registry().MembersOn("g8", On("2014-03-25")), IsEmpty());
  EXPECT_THAT(Registry().MembersOn("nato", On("2024-03-07")), Contains("SE"));
  EXPECT_THAT(Registry().MembersOn("nato", On("2023-04-03")), Not(Contains("FI")));
  EXPECT_THAT(Registry().MembersOn("un", On("1971-10-24")), Contains("TW"));
  EXPECT_THAT(Registry().MembersOn("un", On("1971-10-25")), Not(Contains("TW")));
  EXPECT_THAT(Registry().MembersOn("JP", On("2021-01-01")), IsEmpty());
  EXPECT_THAT(Registry().MembersOn("nothing", On("2021-01-01")), IsEmpty());
}

TEST(Membership, HasKnownSizes) {
  struct Size {
    const char* organisation;
    const char* day;
    std::size_t members;
  };
  for (const Size& size : {Size{"eu", "1958-01-01", 6},
                           Size{"eu", "1995-01-01", 15},
                           Size{"eu", "2013-07-01", 28},
                           Size{"eu", "2021-01-01", 27},
                           Size{"nato", "1949-08-24", 12},
                           Size{"nato", "2024-04-01", 32},
                           Size{"asean", "2021-01-01", 10},
                           Size{"asean", "2025-10-26", 11},
                           Size{"g7", "2021-01-01", 7},
                           Size{"g20", "2021-01-01", 20},
                           Size{"g20", "2023-09-09", 21},
                           Size{"brics", "2021-01-01", 5},
                           Size{"brics", "2025-01-06", 10},
                           Size{"sco", "2021-01-01", 8},
                           Size{"sco", "2024-07-04", 10},
                           Size{"gcc", "2021-01-01", 6},
                           Size{"africanunion", "2021-01-01", 55},
                           Size{"pif", "2021-01-01", 18},
                           Size{"oas", "2021-01-01", 35},
                           Size{"un", "2021-01-01", 193},
                           Size{"un", "1945-12-31", 51},
                           Size{"apec", "2021-01-01", 21},
                           Size{"arableague", "2021-01-01", 22},
                           Size{"saarc", "2021-01-01", 8}}) {
    EXPECT_EQ(Registry().MembersOn(size.organisation, On(size.day)).size(), size.members)
        << size.organisation << " on " << size.day;
  }
}

TEST(Membership, IsAskedFromTheCountryToo) {
  EXPECT_THAT(Registry().OrganisationsOf("JP", On("2021-05-05")),
              ElementsAre("apec", "g20", "g7", "quad", "un"));
  EXPECT_THAT(Registry().OrganisationsOf("eu", On("2021-05-05")), ElementsAre("g20"));
  EXPECT_THAT(Registry().OrganisationsOf("XX", On("2021-05-05")), IsEmpty());
}

}  // namespace
}  // namespace entente::domain
