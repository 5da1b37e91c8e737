// The subscription machine, situation by situation. subscription_simulation_test.cpp runs it
// through random ones.
#include "services/query/subscription/subscription.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/query/subscription/cursor.h"
#include "services/query/subscription/group.h"
#include "services/query/subscription/lease.h"

namespace entente::query {
namespace {

using Actions = Subscription::Actions;

constexpr Tick kStart{1'000'000};

Cursor At(std::uint64_t position, std::uint16_t ordinal = 0) {
  return {Position(position), Ordinal(ordinal)};
}

v1::DescribedChange ChangeAt(const Cursor& cursor) {
  v1::DescribedChange described;
  described.mutable_change()->set_position(cursor.position.value());
  described.mutable_change()->set_ordinal(cursor.ordinal.value());
  return described;
}

FeedSlice Slice(const std::vector<Cursor>& changes, Cursor covered_to, bool at_head,
                std::uint64_t head) {
  FeedSlice slice{
      .changes = {}, .covered_to = covered_to, .at_head = at_head, .head = Position(head)};
  for (const Cursor& cursor : changes) slice.changes.push_back(ChangeAt(cursor));
  return slice;
}

// Nothing matches up to here, and the next change does.
FeedSlice Barred(Cursor covered_to, std::uint64_t head) {
  FeedSlice slice = Slice({}, covered_to, false, head);
  slice.match_waits = true;
  return slice;
}

std::string Show(const Cursor& cursor) {
  const bool end = cursor.ordinal == Ordinal::Max();
  return std::to_string(cursor.position.value()) + "." +
         (end ? "end" : std::to_string(cursor.ordinal.value()));
}

// "2 delivered 5.0 | read 5.0+3", whole: number, kind and covered_to of each message, then what is
// to be read.
std::string Show(const Actions& actions) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!text.empty()) text += " | ";
    text += part;
  };
  const auto show = [](const v1::SubscriptionMessage& message) {
    std::string kind = message.GetDescriptor()
                           ->FindFieldByNumber(static_cast<int>(message.message_case()))
                           ->name();
    return std::to_string(message.number()) + " " + kind + " " +
           Show(FromWire(message.covered_to()));
  };
  for (const auto& message : actions.messages) add(show(message));
  if (actions.read) {
    add("read " + Show(actions.read->after) + "+" + std::to_string(actions.read->limit));
  }
  if (actions.end) add("end " + show(*actions.end));
  return text;
}

Subscription Opened(Cursor after, std::uint32_t credit, std::uint64_t head,
                    Tick lease = Tick(30'000)) {
  return Subscription({.after = after, .credit = credit, .lease = lease}, Position(head), kStart);
}

TEST(Subscription, FromNowSaysWhereNowIs) {
  Subscription subscription = Opened(EndOf(Position(7)), 5, 7);
  EXPECT_EQ(Show(subscription.Start(kStart)), "1 caught_up 7.end");
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "");
  EXPECT_EQ(Show(subscription.OnHead(Position(9), kStart)), "read 7.end+5");
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(8)}, At(9), true, 9), kStart)), "2 delivered 8.0");
}

TEST(Subscription, HistoryThenLiveIsOneReading) {
  Subscription subscription = Opened({}, 3, 9);
  EXPECT_EQ(Show(subscription.Start(kStart)), "read 0.0+3");
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(2), At(2, 1)}, At(4), false, 9), kStart)),
            "1 delivered 2.0 | 2 delivered 2.1");
  EXPECT_EQ(Show(subscription.OnSent(2, kStart)), "read 4.0+1");
  EXPECT_EQ(Show(subscription.OnHead(Position(10), kStart)), "") << "one page at a time";
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(10)}, At(10), true, 10), kStart)),
            "3 delivered 10.0");
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "4 caught_up 10.end") << "costs no credit";
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "");
  EXPECT_EQ(Show(subscription.OnHead(Position(11), kStart)), "read 10.end+0") << "no credit left";
  EXPECT_EQ(Show(subscription.OnPage(Barred(EndOf(Position(10)), 11), kStart)), "");
  EXPECT_EQ(Show(subscription.OnCredit(1, kStart)), "read 10.end+1");
}

TEST(Subscription, HeadThatMovedDuringThePageIsReadOn) {
  Subscription subscription = Opened({}, 9, 5);
  EXPECT_EQ(Show(subscription.Start(kStart)), "read 0.0+9");
  subscription.OnHead(Position(6), kStart);
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(5), true, 5), kStart)), "read 5.end+9")
      << "not caught up: the head is 6";
}

TEST(Subscription, EmptyViewsAreCaughtUpWith) {
  Subscription subscription = Opened({}, 0, 0);
  EXPECT_EQ(Show(subscription.Start(kStart)), "read 0.0+64") << "credit 0 is the default of 100";
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, {}, true, 0), kStart)), "1 caught_up 0.end");
}

TEST(Subscription, OneThatBeginsAboveOurHeadWaitsForIt) {
  Subscription subscription = Opened(EndOf(Position(8)), 5, 6);
  EXPECT_EQ(Show(subscription.Start(kStart)), "");
  EXPECT_EQ(Show(subscription.OnHead(Position(7), kStart)), "");
  EXPECT_EQ(Show(subscription.OnHead(Position(8), kStart)), "1 caught_up 8.end");
}

TEST(Subscription, WhatTheSocketRefusesIsReadAgain) {
  Subscription subscription = Opened({}, 9, 4);
  subscription.Start(kStart);
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(1), At(2), At(3)}, At(4), true, 4), kStart)),
            "1 delivered 1.0 | 2 delivered 2.0 | 3 delivered 3.0");
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "") << "waits before it tries again";
  EXPECT_EQ(subscription.credit(), 8U);
  EXPECT_EQ(Show(subscription.told()), "1.0");
  EXPECT_EQ(subscription.next_tick(), kStart + Subscription::kRetryAfter);
  const Tick later = subscription.next_tick();
  EXPECT_EQ(Show(subscription.OnTick(later)), "read 1.0+1") << "perhaps it is full still";
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(2)}, At(2), false, 4), later)), "2 delivered 2.0");
  EXPECT_EQ(Show(subscription.OnSent(1, later)), "read 2.0+2");
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(3)}, At(4), true, 4), later)), "3 delivered 3.0");
}

TEST(Subscription, ASocketThatStaysFullIsTriedEverMoreSeldom) {
  Subscription subscription = Opened({}, 9, 4);
  subscription.Start(kStart);
  Tick now = kStart;
  std::vector<int> pauses;
  for (int i = 0; i < 8; ++i) {
    subscription.OnPage(Slice({At(1)}, At(1), false, 4), now);
    EXPECT_EQ(Show(subscription.OnSent(0, now)), "");
    pauses.push_back(static_cast<int>((subscription.next_tick() - now).count()));
    now = subscription.next_tick();
    EXPECT_EQ(Show(subscription.OnTick(now)), "read 0.0+1");
  }
  EXPECT_EQ(pauses, (std::vector{10, 20, 40, 80, 160, 320, 320, 320}));
  subscription.OnPage(Slice({At(1)}, At(1), false, 4), now);
  EXPECT_EQ(Show(subscription.OnSent(1, now)), "read 1.0+2");
  subscription.OnPage(Slice({At(2)}, At(2), false, 4), now);
  subscription.OnSent(0, now);
  EXPECT_EQ(subscription.next_tick(), now + Subscription::kRetryAfter) << "it had room again";
}

TEST(Subscription, CreditSaysThatTheSocketHasRoom) {
  Subscription subscription = Opened({}, 9, 4);
  subscription.Start(kStart);
  subscription.OnPage(Slice({At(1)}, At(4), true, 4), kStart);
  EXPECT_EQ(Show(subscription.OnSent(0, kStart)), "");
  EXPECT_EQ(Show(subscription.OnCredit(0, kStart)), "read 0.0+1");
}

TEST(Subscription, RefusedCaughtUpComesLater) {
  Subscription subscription = Opened(EndOf(Position(3)), 9, 3);
  EXPECT_EQ(Show(subscription.Start(kStart)), "1 caught_up 3.end");
  EXPECT_EQ(Show(subscription.OnSent(0, kStart)), "");
  EXPECT_EQ(Show(subscription.OnTick(subscription.next_tick())), "1 caught_up 3.end");
}

TEST(Subscription, ProgressWithoutAMatchIsToldAfterAWhile) {
  Subscription subscription = Opened(EndOf(Position(3)), 9, 3);
  subscription.Start(kStart);
  subscription.OnSent(1, kStart);
  EXPECT_EQ(Show(subscription.OnHead(Position(5), kStart)), "read 3.end+9");
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(5), true, 5), kStart)), "");
  EXPECT_EQ(subscription.next_tick(), kStart + Subscription::kCheckpointAfter);
  const Tick later = subscription.next_tick();
  EXPECT_EQ(Show(subscription.OnTick(later)), "2 checkpoint 5.end");
  EXPECT_EQ(Show(subscription.OnSent(1, later)), "");
  EXPECT_EQ(Show(subscription.told()), "5.end");
}

TEST(Subscription, LongSearchIsToldFromTheMiddle) {
  Subscription subscription = Opened({}, 9, 1'000'000);
  subscription.Start(kStart);
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(1'000), false, 1'000'000), kStart)),
            "read 1000.0+9");
  const Tick later = kStart + Subscription::kCheckpointAfter;
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(2'000), false, 1'000'000), later)),
            "1 checkpoint 2000.0");
  EXPECT_EQ(Show(subscription.OnSent(1, later)), "read 2000.0+9");
}

TEST(Subscription, SaysWhatItHasCost) {
  Subscription subscription = Opened({}, 9, 1'000'000);
  subscription.Start(kStart);
  FeedSlice page = Slice({}, At(1'000), false, 1'000'000);
  page.rows_examined = 40;
  subscription.OnPage(page, kStart);
  page = Slice({}, At(2'000), false, 1'000'000);
  page.rows_examined = 2;
  const Tick later = kStart + Subscription::kCheckpointAfter;
  Actions actions = subscription.OnPage(page, later);
  ASSERT_EQ(Show(actions), "1 checkpoint 2000.0");
  EXPECT_EQ(actions.messages[0].checkpoint().rows_examined(), 42U);
  subscription.OnSent(1, later);
  page = Slice({}, {}, true, 1'000'000);
  page.rows_examined = 100;
  actions = subscription.OnPage(page, later);
  ASSERT_EQ(Show(actions), "2 caught_up 1000000.end");
  EXPECT_EQ(actions.messages[0].caught_up().rows_examined(), 142U) << "of the whole session";
}

// One whose credit of one went on the change at 4, while the head is at 9: it looks what is next.
Subscription Spent() {
  Subscription subscription = Opened(EndOf(Position(3)), 1, 3, Tick(60'000));
  subscription.Start(kStart);
  subscription.OnSent(1, kStart);
  subscription.OnHead(Position(9), kStart);
  subscription.OnPage(Slice({At(4)}, At(4), false, 9), kStart);
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "read 4.0+0");
  return subscription;
}

TEST(Subscription, SlowReaderIsToldThatItFellBehindAndWhenItIsBack) {
  Subscription subscription = Spent();
  EXPECT_EQ(Show(subscription.OnPage(Barred(At(4), 9), kStart)), "");
  EXPECT_EQ(subscription.next_tick(), kStart + Subscription::kFellBehindAfter);
  const Tick later = subscription.next_tick();
  EXPECT_EQ(Show(subscription.OnTick(later)), "3 fell_behind 4.0");
  subscription.OnSent(1, later);
  EXPECT_EQ(Show(subscription.OnTick(later + Subscription::kFellBehindAfter)), "") << "told once";
  EXPECT_EQ(Show(subscription.OnCredit(9, later)), "read 4.0+9");
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(9)}, At(9), true, 9), later)), "4 delivered 9.0");
  EXPECT_EQ(Show(subscription.OnSent(1, later)), "5 caught_up 9.end");
}

TEST(Subscription, WithoutCreditItIsToldHowFarNothingMatches) {
  Subscription subscription = Opened(EndOf(Position(3)), 1, 3, Tick(60'000));
  subscription.Start(kStart);
  subscription.OnSent(1, kStart);
  subscription.OnHead(Position(4), kStart);
  subscription.OnPage(Slice({At(4)}, At(4), true, 4), kStart);
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "");
  EXPECT_EQ(Show(subscription.OnHead(Position(6), kStart)), "read 4.end+0") << "only looks";
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(6), true, 6), kStart)), "");
  const Tick later = subscription.next_tick();
  EXPECT_EQ(later, kStart + Subscription::kCheckpointAfter);
  EXPECT_EQ(Show(subscription.OnTick(later)), "3 checkpoint 6.end") << "it did not fall behind";
  subscription.OnSent(1, later);
  EXPECT_EQ(Show(subscription.OnHead(Position(9), later)), "read 6.end+0");
  EXPECT_EQ(Show(subscription.OnPage(Barred(EndOf(Position(7)), 9), later)), "");
  EXPECT_EQ(Show(subscription.OnHead(Position(10), later)), "") << "looked once, it costs nothing";
  const Tick last = subscription.next_tick();
  EXPECT_EQ(Show(subscription.OnTick(last)), "4 fell_behind 7.end");
}

// The page that shows what waits is read a moment after the last message was sent.
TEST(Subscription, OneThatFellBehindIsToldSoAndNotThatNothingMatched) {
  Subscription subscription = Spent();
  const Tick read = kStart + Tick(1);
  EXPECT_EQ(Show(subscription.OnPage(Barred(EndOf(Position(7)), 9), read)), "");
  EXPECT_EQ(subscription.next_tick(), read + Subscription::kFellBehindAfter);
  EXPECT_EQ(Show(subscription.OnTick(kStart + Subscription::kCheckpointAfter)), "");
  EXPECT_EQ(Show(subscription.OnTick(read + Subscription::kFellBehindAfter)),
            "3 fell_behind 7.end");
}

TEST(Subscription, AsksForASignOfLifeAndEndsWithoutOne) {
  Subscription subscription = Opened(EndOf(Position(3)), 1, 3, Tick(3'000));
  subscription.Start(kStart);
  subscription.OnSent(1, kStart);
  EXPECT_EQ(subscription.next_tick(), kStart + Tick(1'000));
  EXPECT_EQ(Show(subscription.OnTick(kStart + Tick(1'000))), "2 heartbeat 3.end");
  subscription.OnSent(1, kStart + Tick(1'000));
  EXPECT_EQ(Show(subscription.OnCredit(0, kStart + Tick(1'500))), "");
  EXPECT_EQ(Show(subscription.OnTick(kStart + Tick(4'499))), "3 heartbeat 3.end");
  subscription.OnSent(0, kStart + Tick(4'499));
  EXPECT_EQ(subscription.next_tick(), kStart + Tick(4'500)) << "a full socket does not keep it";
  EXPECT_EQ(Show(subscription.OnTick(kStart + Tick(4'500))), "end 3 ended 3.end");
}

v1::Revised RevisedTo(std::uint32_t version) {
  v1::Revised revised;
  revised.set_version(version);
  return revised;
}

// Nothing matched up to 5, which the reader was not told yet. In the new views something may: it is
// among those that the notice counts, and no alert.
TEST(Subscription, WhatWasConsideredIsNotToldFromTheNewViews) {
  Subscription subscription = Opened(EndOf(Position(3)), 9, 3);
  subscription.Start(kStart);
  subscription.OnSent(1, kStart);
  subscription.OnHead(Position(5), kStart);
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(5), true, 5), kStart)), "");
  EXPECT_EQ(Show(subscription.considered()), "5.end");
  EXPECT_EQ(Show(subscription.OnRevised(RevisedTo(2), kStart)), "2 revised 5.end");
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "");
  EXPECT_EQ(Show(subscription.OnHead(Position(6), kStart)), "read 5.end+9");
}

TEST(Subscription, WhatWasNotConsideredIsReadFromTheNewViews) {
  Subscription subscription = Opened({}, 9, 1'000'000);
  subscription.Start(kStart);
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(1'000), false, 1'000'000), kStart)),
            "read 1000.0+9");
  EXPECT_EQ(Show(subscription.OnRevised(RevisedTo(2), kStart)), "1 revised 1000.0");
  EXPECT_EQ(Show(subscription.OnSent(1, kStart)), "") << "one page at a time";
  EXPECT_EQ(Show(subscription.OnPage(Slice({At(1'500)}, At(2'000), false, 1'000'000), kStart)),
            "2 delivered 1500.0");
}

// A page is under way from where nothing matched up to; the socket refuses a sign of life.
TEST(Subscription, WhatIsRefusedWithoutAChangeIsNoStepBack) {
  Subscription subscription = Opened({}, 9, 1'000'000);
  subscription.Start(kStart);
  EXPECT_EQ(Show(subscription.OnPage(Slice({}, At(1'000), false, 1'000'000), kStart)),
            "read 1000.0+9");
  const Tick later = subscription.next_tick();
  EXPECT_NE(Show(subscription.OnTick(later)), "");
  EXPECT_EQ(Show(subscription.OnSent(0, later)), "");
  EXPECT_EQ(Show(subscription.considered()), "1000.0");
}

TEST(Subscription, UnreadablePageIsAskedForAgain) {
  Subscription subscription = Opened({}, 9, 4);
  EXPECT_EQ(Show(subscription.Start(kStart)), "read 0.0+9");
  EXPECT_EQ(Show(subscription.OnPageFailed(kStart)), "");
  EXPECT_EQ(Show(subscription.OnTick(subscription.next_tick())), "read 0.0+9");
}

TEST(Lease, IsThirtySecondsUnlessAskedOtherwise) {
  v1::SubscribeRequest request;
  EXPECT_EQ(LeaseOf(request), Tick(30'000));
  request.set_lease_s(0);
  EXPECT_EQ(LeaseOf(request), Tick(30'000));
  request.set_lease_s(1);
  EXPECT_EQ(LeaseOf(request), Tick(1'000));
  request.set_lease_s(kLeaseMaxS);
  EXPECT_EQ(LeaseOf(request), Tick(3'600'000));
  EXPECT_EQ(Subscription::Terms().lease, Tick(30'000));
  EXPECT_EQ(Group::Terms().lease, Tick(30'000));
}

// A reader that says nothing of a lease, through the machine: when it is asked for a sign of life,
// and when it is given up.
TEST(Lease, OfThirtySecondsAsksThriceAndThenEnds) {
  Subscription subscription = Opened(EndOf(Position(3)), 1, 3, LeaseOf({}));
  subscription.Start(kStart);
  subscription.OnSent(1, kStart);
  for (const int seconds : {10, 20}) {
    const Tick then = kStart + std::chrono::seconds(seconds);
    EXPECT_EQ(subscription.next_tick(), then);
    EXPECT_EQ(subscription.OnTick(then).messages.size(), 1U);
    subscription.OnSent(1, then);
  }
  EXPECT_EQ(subscription.next_tick(), kStart + Tick(30'000));
  const auto last = subscription.OnTick(kStart + Tick(30'000));
  ASSERT_TRUE(last.end);
  EXPECT_EQ(last.end->ended().why(), "no sign of life for 30 s");
}

TEST(Credit, GrantsAreCut) {
  Credit credit(0);
  EXPECT_EQ(credit.left(), Credit::kDefault);
  credit.Grant(4'000'000'000);
  EXPECT_EQ(credit.left(), Credit::kMax);
  credit.Grant(4'000'000'000);
  EXPECT_EQ(credit.left(), Credit::kMax);
  EXPECT_EQ(Credit(4'000'000'000).left(), Credit::kMax);
}

TEST(CursorOnTheWire, LargeOrdinalsAreTheEnd) {
  v1::Cursor wire;
  wire.set_position(4);
  for (const auto& [ordinal, expected] :
       {std::pair(0U, At(4, 0)), std::pair(65'534U, At(4, 65'534)),
        std::pair(65'535U, EndOf(Position(4))), std::pair(65'536U, EndOf(Position(4))),
        std::pair(4'294'967'295U, EndOf(Position(4)))}) {
    wire.set_ordinal(ordinal);
    EXPECT_EQ(FromWire(wire), expected) << ordinal;
  }
}

}  // namespace
}  // namespace entente::query
