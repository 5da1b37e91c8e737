#include "domain/spelling/name_key.h"

#include <gtest/gtest.h>

namespace entente::domain {
namespace {

struct Case {
  const char* text;
  const char* key;
};

TEST(NameKey, TellsNamesApartAndNothingElse) {
  const Case cases[] = {
      // case
      {"Japan", "japan"},
      {"JAPAN", "japan"},
      {"ÅLAND", "aland"},
      // accents and compatibility forms
      {"Côte d’Ivoire", "cote divoire"},
      {"Co\u0302te d'Ivoire", "cote divoire"},
      {"Türkiye", "turkiye"},
      {"São Tomé", "sao tome"},
      {"Ｊａｐａｎ", "japan"},
      {"Færøerne", "faeroerne"},
      {"Łódź", "lodz"},
      {"Straße", "strasse"},
      // punctuation
      {"U.S.", "us"},
      {"Guinea-Bissau", "guinea bissau"},
      {"  Korea,   Republic of ", "korea republic of"},
      {"Congo (Kinshasa)", "congo kinshasa"},
      {"N'Djamena", "ndjamena"},
      // words
      {"Bosnia & Herzegovina", "bosnia and herzegovina"},
      {"The Gambia", "gambia"},
      {"The", "the"},
      {"Isle of the Man", "isle of the man"},
      {"St. Lucia", "saint lucia"},
      {"ST", "st"},
      {"the St. Kitts", "saint kitts"},
      // other scripts stay
      {"日本", "日本"},
      {"РОССИЯ", "россия"},
      // nothing left, or not UTF-8
      {"", ""},
      {" .-' ", ""},
      {"\xff\xfe", ""},
      {"Jap\xc3", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(NameKey(c.text), c.key) << c.text;
}

TEST(NameKey, OfAKeyIsTheKey) {
  for (const char* text : {"The St. Kitts & Nevis", "Côte d'Ivoire", "日本 (Japan)"}) {
    EXPECT_EQ(NameKey(NameKey(text)), NameKey(text)) << text;
  }
}

}  // namespace
}  // namespace entente::domain
