#include "client/settling.h"

#include <gtest/gtest.h>

namespace entente::client {
namespace {

using How = v1::SettleRequest;

Cursor At(std::uint64_t position) { return {Position(position), Ordinal()}; }

TEST(Settling, SendsManyInOneAndForgetsThemWhenConfirmed) {
  Settling settling("desk");
  EXPECT_FALSE(settling.TakeBatch(7));
  settling.Handle(At(1), {});
  settling.Handle(At(2), {.how = How::park, .why = "no such desk"});
  EXPECT_FALSE(settling.settled());
  const auto batch = settling.TakeBatch(7);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->group(), "desk");
  EXPECT_EQ(batch->subscription(), 7U);
  ASSERT_EQ(batch->settled_size(), 2);
  EXPECT_EQ(batch->settled(0).how(), How::ack);
  EXPECT_EQ(batch->settled(1).cursor().position(), 2U);
  EXPECT_EQ(batch->settled(1).why(), "no such desk");
  EXPECT_FALSE(settling.settled());
  settling.Confirm();
  EXPECT_TRUE(settling.settled());
}

TEST(Settling, WhatWasLostIsSettledAgainWhenItComesAgain) {
  Settling settling("desk");
  settling.Handle(At(1), {});
  ASSERT_TRUE(settling.TakeBatch(7));
  settling.Handle(At(2), {.how = How::skip});
  settling.Handle(At(3), {.how = How::retry_now});
  settling.OnNewSession();
  EXPECT_TRUE(settling.settled());
  EXPECT_TRUE(settling.Again(At(1)));
  EXPECT_TRUE(settling.Again(At(2)));
  EXPECT_FALSE(settling.Again(At(3))) << "what is to be tried again is new";
  EXPECT_FALSE(settling.Again(At(1))) << "but once";
  const auto batch = settling.TakeBatch(8);
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->settled_size(), 2);
  EXPECT_EQ(batch->settled(0).how(), How::ack);
  EXPECT_EQ(batch->settled(1).how(), How::skip);
}

// The reply was lost, and the service had it: it never comes again, and is not kept for ever.
TEST(Settling, WhatIsCoveredIsForgotten) {
  Settling settling("desk");
  settling.Handle(At(1), {});
  settling.Handle(At(2), {});
  settling.OnNewSession();
  settling.OnCovered(At(1));
  EXPECT_FALSE(settling.Again(At(1)));
  EXPECT_TRUE(settling.Again(At(2)));
}

}  // namespace
}  // namespace entente::client
