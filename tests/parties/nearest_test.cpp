#include "domain/spelling/nearest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace entente::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(EditDistance, CountsEditsAndSwaps) {
  struct Case {
    const char *a, *b;
    std::size_t distance;
  };
  for (const Case& c :
       {Case{"", "", 0}, Case{"japan", "japan", 0}, Case{"japan", "jpan", 1},
        Case{"japan", "japann", 1}, Case{"japan", "jaban", 1}, Case{"japan", "jpaan", 1},
        Case{"kitten", "sitting", 3}, Case{"", "abc", 3}}) {
    EXPECT_EQ(EditDistance(c.a, c.b, 10), c.distance) << c.a << " " << c.b;
    EXPECT_EQ(EditDistance(c.b, c.a, 10), c.distance) << c.b << " " << c.a;
  }
}

TEST(EditDistance, StopsAtItsLimit) {
  EXPECT_EQ(EditDistance("kitten", "sitting", 2), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting", 3), 3u);
  EXPECT_EQ(EditDistance("a", std::string(300, 'b'), 400), 401u);
}

TEST(NearestOwners, RanksBeginningsThenEditsThenWords) {
  const Spelling spellings[] = {
      {"germany", 1}, {"east germany", 2}, {"armenia", 3}, {"ger", 4}, {"germ", 4}};
  EXPECT_THAT(NearestOwners("germ", spellings, 3), ElementsAre(4u, 1u));
  EXPECT_THAT(NearestOwners("gremany", spellings, 3), ElementsAre(1u));
  EXPECT_THAT(NearestOwners("germany federal", spellings, 2), ElementsAre(1u, 4u));
  EXPECT_THAT(NearestOwners("xyz", spellings, 3), IsEmpty());
  EXPECT_THAT(NearestOwners("", spellings, 3), IsEmpty());
  EXPECT_THAT(NearestOwners(std::string(65, 'g'), spellings, 3), IsEmpty());
}

}  // namespace
}  // namespace entente::domain
