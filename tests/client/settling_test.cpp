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
  const v1::SettleRequest& request = batch->request;
  EXPECT_EQ(request.group(), "desk");
  EXPECT_EQ(request.subscription(), 7U);
  ASSERT_EQ(request.settled_size(), 2);
  EXPECT_EQ(request.settled(0).how(), How::ack);
  EXPECT_EQ(request.settled(1).cursor().position(), 2U);
  EXPECT_EQ(request.settled(1).why(), "no such desk");
  EXPECT_FALSE(settling.settled());
  settling.Confirm(batch->number, {});
  EXPECT_TRUE(settling.settled());
}

TEST(Settling, AReplyIsToItsOwnBatch) {
  Settling settling("desk");
  settling.Handle(At(1), {});
  ASSERT_TRUE(settling.TakeBatch(7));
  settling.Handle(At(2), {});
  const auto second = settling.TakeBatch(7);
  ASSERT_TRUE(second);
  settling.Confirm(second->number, {});
  EXPECT_FALSE(settling.settled()) << "the first is still under way";
  settling.OnNewSession();
  EXPECT_FALSE(settling.Again(At(2)));
  EXPECT_TRUE(settling.Again(At(1)));
}

// It was another's meanwhile: nothing was done about it, and when it comes again it is no news.
TEST(Settling, WhatWasNotHeldIsSettledAgainWhenItComesAgain) {
  Settling settling("desk");
  settling.Handle(At(1), {.how = How::park, .why = "no such desk"});
  settling.Handle(At(2), {});
  settling.Handle(At(3), {.how = How::retry_later});
  const auto batch = settling.TakeBatch(7);
  ASSERT_TRUE(batch);
  v1::SettleReply reply;
  for (const std::uint64_t position : {1U, 3U}) reply.add_not_held()->set_position(position);
  settling.Confirm(batch->number, reply);
  EXPECT_TRUE(settling.settled());
  EXPECT_FALSE(settling.Again(At(2)));
  EXPECT_FALSE(settling.Again(At(3)));
  EXPECT_TRUE(settling.Again(At(1)));
  EXPECT_EQ(settling.TakeBatch(7)->request.settled(0).how(), How::park);
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
  ASSERT_EQ(batch->request.settled_size(), 2);
  EXPECT_EQ(batch->request.settled(0).how(), How::ack);
  EXPECT_EQ(batch->request.settled(1).how(), How::skip);
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
