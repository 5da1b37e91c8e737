#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "client/client.h"
#include "failing_feed.h"

namespace entente::client {
namespace {

using std::chrono::milliseconds;
using Positions = std::vector<std::uint64_t>;

Positions UpTo(std::uint64_t last) {
  Positions positions(last);
  std::iota(positions.begin(), positions.end(), 1U);
  return positions;
}

Endpoints QueryAt(const std::string& endpoint) { return {.query = endpoint}; }

v1::SubscribeRequest FromTheStart(std::uint32_t credit, std::uint32_t lease_s = 0) {
  v1::SubscribeRequest request;
  request.mutable_after()->set_position(0);
  request.set_credit(credit);
  request.set_lease_s(lease_s);
  return request;
}

bool Never() { return false; }

// The positions delivered until it is caught up, which it must be.
Positions ReadAll(const FailingFeed& feed, const v1::SubscribeRequest& request) {
  Client client(QueryAt(feed.endpoint()));
  Positions positions;
  const auto ended = client.Subscribe(
      request,
      [&](const v1::SubscriptionMessage& message) {
        if (message.has_delivered()) {
          positions.push_back(message.delivered().change().change().position());
        }
        return !message.has_caught_up();
      },
      Never);
  EXPECT_TRUE(ended) << ended.error().front().ToString();
  return positions;
}

struct Failing {
  const char* name;
  Fault fault;
  std::vector<std::uint64_t> after;  // messages of each session
  std::uint32_t lease_s;             // 0: the usual
};

class SubscribeThrough : public testing::TestWithParam<Failing> {};

TEST_P(SubscribeThrough, EveryChangeComesOnceAndInOrder) {
  const Failing& failing = GetParam();
  for (const std::uint64_t after : failing.after) {
    const FailingFeed feed(60, failing.fault, after);
    EXPECT_EQ(ReadAll(feed, FromTheStart(10, failing.lease_s)), UpTo(60)) << after;
    EXPECT_GE(feed.sessions, failing.fault == Fault::kNone ? 1 : 2) << after;
  }
}

// A server that forgot or restarted is only found out by a sign of life, and silence by the end of
// the lease: so once in 60 changes is enough for these.
INSTANTIATE_TEST_SUITE_P(
    Faults, SubscribeThrough,
    testing::Values(Failing{"Nothing", Fault::kNone, {0}, 0},
                    Failing{"LostMessages", Fault::kLosesAMessage, {1, 7, 40}, 0},
                    Failing{"EndedSessions", Fault::kEndsTheSession, {7, 40}, 0},
                    Failing{"ForgottenReaders", Fault::kForgetsItsReaders, {40}, 0},
                    Failing{"Restarts", Fault::kRestarts, {40}, 0},
                    Failing{"Silence", Fault::kFallsSilent, {40}, 1}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Subscribe, CreditOfOneIsEnough) {
  const FailingFeed feed(50, Fault::kNone, 0);
  EXPECT_EQ(ReadAll(feed, FromTheStart(1)), UpTo(50));
}

TEST(Subscribe, TheReaderMayUseTheClientMeanwhile) {
  const FailingFeed feed(30, Fault::kNone, 0);
  Client client(QueryAt(feed.endpoint()));
  Positions positions;
  const auto ended = client.Subscribe(
      FromTheStart(4),
      [&](const v1::SubscriptionMessage& message) {
        EXPECT_TRUE(client.Status(Client::Service::kQuery));
        if (message.has_delivered()) {
          positions.push_back(message.delivered().change().change().position());
        }
        return !message.has_caught_up();
      },
      Never);
  EXPECT_TRUE(ended);
  EXPECT_EQ(positions, UpTo(30));
}

TEST(Subscribe, AReaderThatHasEnoughIsTakenOffTheList) {
  const FailingFeed feed(30, Fault::kNone, 0);
  Client client(QueryAt(feed.endpoint()));
  int seen = 0;
  EXPECT_TRUE(client.Subscribe(
      FromTheStart(100), [&](const v1::SubscriptionMessage&) { return ++seen < 3; }, Never));
  EXPECT_EQ(seen, 3);
  // On a connection of its own, so the server is met again before it is looked at.
  while (feed.unsubscribed == 0) ASSERT_TRUE(client.Status(Client::Service::kQuery));
  EXPECT_EQ(feed.unsubscribed, 1);
}

TEST(Subscribe, IsStoppedFromAnotherThread) {
  const FailingFeed feed(3, Fault::kNone, 0);
  Client client(QueryAt(feed.endpoint()));
  std::atomic<bool> stop = false;
  std::thread other;
  const auto ended = client.Subscribe(
      FromTheStart(100),
      [&](const v1::SubscriptionMessage& message) {
        if (message.has_caught_up()) other = std::thread([&] { stop = true; });
        return true;
      },
      [&] { return stop.load(); });
  other.join();
  EXPECT_TRUE(ended);
}

// All it is granted comes at once, and it needs longer for that than the lease: each change shows
// that it lives.
TEST(Subscribe, ASlowReaderIsNotTakenForGone) {
  constexpr std::uint32_t kCredit = 40;
  const FailingFeed feed(2 * kCredit, Fault::kHoldsToTheLease, 0);
  Client client(QueryAt(feed.endpoint()));
  Positions positions;
  const auto ended = client.Subscribe(
      FromTheStart(kCredit, 2),
      [&](const v1::SubscriptionMessage& message) {
        while (feed.changes_sent < kCredit) std::this_thread::yield();
        if (message.has_delivered()) {
          positions.push_back(message.delivered().change().change().position());
          const auto done = std::chrono::steady_clock::now() + milliseconds(60);
          while (std::chrono::steady_clock::now() < done) {  // has much to do with each
          }
        }
        return !message.has_caught_up();
      },
      Never);
  EXPECT_TRUE(ended);
  EXPECT_EQ(positions, UpTo(2 * kCredit));
  EXPECT_EQ(feed.sessions, 1);
}

TEST(Subscribe, IsStoppedBetweenTwoChangesThatHaveCome) {
  const FailingFeed feed(60, Fault::kNone, 0);
  Client client(QueryAt(feed.endpoint()));
  int seen = 0;
  const auto ended = client.Subscribe(
      FromTheStart(100),
      [&](const v1::SubscriptionMessage&) {
        ++seen;
        while (feed.changes_sent < 60) std::this_thread::yield();
        return true;
      },
      [&] { return seen >= 3; });
  EXPECT_TRUE(ended);
  EXPECT_EQ(seen, 3);
}

TEST(Subscribe, WhatARetryCannotHelpEndsIt) {
  const FailingFeed feed(3, Fault::kNone, 0);
  Client client(QueryAt(feed.endpoint()));
  v1::SubscribeRequest request = FromTheStart(10);
  request.mutable_filter()->add_countries("Atlantis");
  const auto ended =
      client.Subscribe(request, [](const v1::SubscriptionMessage&) { return true; }, Never);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().front().reason, Reason::kPartyUnknown);
  EXPECT_EQ(feed.sessions, 0);
}

TEST(Subscribe, AServerThatWasNeverThereIsUnreachable) {
  std::string endpoint;
  {
    endpoint = FailingFeed(0, Fault::kNone, 0).endpoint();
  }
  Client client(QueryAt(endpoint), milliseconds(200));
  const auto ended = client.Subscribe(
      FromTheStart(10), [](const v1::SubscriptionMessage&) { return true; }, Never);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().front().reason, Reason::kUnreachable);
}

}  // namespace
}  // namespace entente::client
