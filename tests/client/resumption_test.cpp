#include "client/resumption.h"

#include <gtest/gtest.h>

namespace entente::client {
namespace {

using Next = Resumption::Next;

v1::SubscriptionMessage Covering(std::uint64_t number, std::uint64_t position,
                                 std::uint32_t ordinal = 0) {
  v1::SubscriptionMessage message;
  message.set_number(number);
  message.mutable_covered_to()->set_position(position);
  message.mutable_covered_to()->set_ordinal(ordinal);
  return message;
}

v1::SubscriptionMessage Delivered(std::uint64_t number, std::uint64_t position,
                                  std::uint32_t ordinal = 0) {
  v1::SubscriptionMessage message = Covering(number, position, ordinal);
  v1::Change* change = message.mutable_delivered()->mutable_change()->mutable_change();
  change->set_position(position);
  change->set_ordinal(ordinal);
  return message;
}

v1::SubscribeRequest FromNow(std::uint32_t credit) {
  v1::SubscribeRequest request;
  request.set_now(true);
  request.set_credit(credit);
  return request;
}

TEST(Resumption, TheFirstSessionIsAsAsked) {
  Resumption resumption(FromNow(7));
  EXPECT_EQ(resumption.OpenSession().SerializeAsString(), FromNow(7).SerializeAsString());
  EXPECT_FALSE(resumption.met());
  // Nothing was covered yet, so there is no better place to go on from.
  EXPECT_TRUE(resumption.OpenSession().now());
}

TEST(Resumption, LaterOnesGoOnAfterWhatWasCovered) {
  Resumption resumption(FromNow(7));
  (void)resumption.OpenSession();
  EXPECT_EQ(resumption.Take(Delivered(1, 17, 2)), Next::kPassOn);
  v1::SubscribeRequest again = resumption.OpenSession();
  EXPECT_EQ(again.after().position(), 17U);
  EXPECT_EQ(again.after().ordinal(), 2U);
  EXPECT_EQ(again.credit(), 7U);

  v1::SubscriptionMessage checkpoint = Covering(1, 40);
  checkpoint.mutable_checkpoint();
  EXPECT_EQ(resumption.Take(checkpoint), Next::kPassOn);
  EXPECT_EQ(resumption.OpenSession().after().position(), 40U);
}

TEST(Resumption, AMissingNumberMeansAMissingMessage) {
  Resumption resumption(FromNow(7));
  (void)resumption.OpenSession();
  EXPECT_EQ(resumption.Take(Delivered(1, 1)), Next::kPassOn);
  EXPECT_EQ(resumption.Take(Delivered(3, 3)), Next::kReopen);
  EXPECT_EQ(resumption.OpenSession().after().position(), 1U) << "not what came behind the gap";
  EXPECT_EQ(resumption.Take(Delivered(1, 2)), Next::kPassOn);
}

TEST(Resumption, WhatWasDeliveredIsNotDeliveredAgain) {
  Resumption resumption(FromNow(7));
  (void)resumption.OpenSession();
  EXPECT_EQ(resumption.Take(Delivered(1, 5, 1)), Next::kPassOn);
  EXPECT_EQ(resumption.Take(Delivered(2, 5, 1)), Next::kSkip);
  EXPECT_EQ(resumption.Take(Delivered(3, 5, 0)), Next::kSkip);
  EXPECT_EQ(resumption.Take(Delivered(4, 5, 2)), Next::kPassOn);
}

TEST(Resumption, AGroupsPlaceIsTheServers) {
  v1::SubscribeRequest request;
  request.set_group("desk");
  request.set_resume(true);
  Resumption resumption(request);
  (void)resumption.OpenSession();
  EXPECT_EQ(resumption.Take(Delivered(1, 5)), Next::kPassOn);
  EXPECT_EQ(resumption.Take(Delivered(2, 5)), Next::kPassOn) << "a redelivery is meant";
  EXPECT_EQ(resumption.OpenSession().SerializeAsString(), request.SerializeAsString());
}

TEST(Resumption, HeartbeatsAreNotNewsAndAnEndIsTheLast) {
  Resumption resumption(FromNow(7));
  (void)resumption.OpenSession();
  v1::SubscriptionMessage heartbeat = Covering(1, 9);
  heartbeat.mutable_heartbeat();
  EXPECT_EQ(resumption.Take(heartbeat), Next::kSkip);
  EXPECT_TRUE(resumption.met());
  v1::SubscriptionMessage ended = Covering(2, 9);
  ended.mutable_ended()->set_why("stopping");
  EXPECT_EQ(resumption.Take(ended), Next::kPassOnEnd);
}

TEST(Resumption, CreditIsGrantedWhenHalfIsUsed) {
  Resumption resumption(FromNow(5));
  (void)resumption.OpenSession();
  std::vector<std::uint32_t> grants;
  for (std::uint64_t n = 1; n <= 6; ++n) {
    (void)resumption.Take(Delivered(n, n));
    grants.push_back(resumption.TakeGrant());
  }
  EXPECT_EQ(grants, (std::vector<std::uint32_t>{0, 2, 0, 2, 0, 2}));
  (void)resumption.Take(Delivered(7, 7));
  (void)resumption.OpenSession();
  EXPECT_EQ(resumption.TakeGrant(), 0U) << "a new session begins with its whole credit";
}

TEST(Resumption, AskingForOneAtATimeWorks) {
  Resumption resumption(FromNow(1));
  (void)resumption.OpenSession();
  (void)resumption.Take(Delivered(1, 1));
  EXPECT_EQ(resumption.TakeGrant(), 1U);
}

TEST(Resumption, OnlyWhatARetryCanHelpIsRetried) {
  const auto errors = [](std::initializer_list<Reason> reasons) {
    Errors list;
    for (const Reason reason : reasons) list.push_back(Fail(reason, "", "", "").value());
    return list;
  };
  EXPECT_TRUE(MayResume(errors({Reason::kUnreachable})));
  EXPECT_TRUE(MayResume(errors({Reason::kStopping})));
  EXPECT_TRUE(MayResume(errors({Reason::kOverloaded})));
  EXPECT_TRUE(MayResume(errors({Reason::kSubscriptionUnknown})));
  EXPECT_FALSE(MayResume(errors({Reason::kPartyUnknown})));
  EXPECT_FALSE(MayResume(errors({Reason::kUnreachable, Reason::kPartyUnknown})));
  EXPECT_FALSE(MayResume(errors({})));
}

}  // namespace
}  // namespace entente::client
