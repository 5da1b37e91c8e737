#include "client/tail_order.h"

#include <gtest/gtest.h>

namespace entente::client {
namespace {

Cursor At(std::uint64_t position) { return {Position(position), Ordinal()}; }

v1::Change ChangeOf(std::uint64_t position, const std::vector<std::string>& countries) {
  v1::Change change;
  change.set_position(position);
  for (const std::string& country : countries) change.add_terms_after("country/" + country);
  return change;
}

TEST(TailOrder, AGapIsWhatLiesBetweenTheLastSeenAndTheOneBefore) {
  TailOrder order({"JP"}, At(10));
  EXPECT_FALSE(order.GapBefore("country/JP/", At(10)));
  EXPECT_FALSE(order.GapBefore("country/JP/", At(4))) << "the tail began anew, below us";
  EXPECT_EQ(order.GapBefore("country/JP/", At(12)), At(10));
  order.Seen("country/JP/", At(12));
  EXPECT_FALSE(order.GapBefore("country/JP/", At(12)));
  EXPECT_FALSE(order.GapBefore("country/FR/", At(99))) << "not listened to";
}

TEST(TailOrder, AChangeOfTwoCountriesIsNewOnce) {
  TailOrder order({"IN", "JP"}, At(0));
  const v1::Change both = ChangeOf(5, {"IN", "JP"});
  EXPECT_TRUE(order.IsNew(both));
  order.Seen("country/IN/", At(5));
  EXPECT_FALSE(order.IsNew(both));
  EXPECT_TRUE(order.IsNew(ChangeOf(5, {"JP"}))) << "Japan's own has not been heard up to there";
  order.Seen("country/JP/", At(4));
  EXPECT_TRUE(order.IsNew(ChangeOf(5, {"JP"})));
  EXPECT_FALSE(order.IsNew(ChangeOf(4, {"JP"})));
}

// One that left is told as well.
TEST(TailOrder, ACountryThatHeldBeforeCounts) {
  TailOrder order({"IN"}, At(7));
  v1::Change left = ChangeOf(7, {"JP"});
  left.add_terms_before("country/IN");
  EXPECT_FALSE(order.IsNew(left));
}

}  // namespace
}  // namespace entente::client
