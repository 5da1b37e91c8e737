// Durable subscriptions against the running services: what a group's consumers are promised, on the
// wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/stored_group.pb.h"
#include "services/query/group_store.h"
#include "services/query/subscription/cursor.h"
#include "tests/services/query/promises.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using bus::MessageType;
using How = v1::SettleRequest;
using testing::ElementsAre;

std::string Subject(int n) { return Numbered(n).stream(); }

v1::Group Desk() {
  v1::Group group;
  group.set_name("desk");
  return group;
}

// One consumer on the bare wire. EXPECTs that its messages are numbered without gaps.
class Consumer {
 public:
  explicit Consumer(Spine& spine, std::uint32_t credit = 100, const std::string& name = "",
                    std::uint32_t lease_s = 0)
      : wire_(spine, spine.endpoints().query) {
    v1::SubscribeRequest request;
    request.set_group("desk");
    request.set_resume(true);
    request.set_credit(credit);
    request.set_consumer(name);
    request.set_lease_s(lease_s);
    id_ = wire_.Send(MessageType::subscribe_request, request);
  }

  // The next message that is no heartbeat, which are answered; nullopt: an error came.
  std::optional<v1::SubscriptionMessage> Next() {
    if (!came_.empty()) {
      v1::SubscriptionMessage first = came_.front();
      came_.pop_front();
      return first;
    }
    while (true) {
      const auto reply = wire_.Receive();
      if (!reply) {
        error_ = reply.error().front();
        return std::nullopt;
      }
      v1::SubscriptionMessage message;
      EXPECT_EQ(reply->header.correlation, id_);
      EXPECT_TRUE(bus::ParseBody(*reply, &message));
      EXPECT_EQ(message.number(), ++number_) << promise::kNumbered;
      if (!message.has_heartbeat()) return message;
      Grant(0);
    }
  }
  // The next change; EXPECTs that one comes, checkpoints aside.
  v1::Delivered Change() {
    while (true) {
      const auto message = Next();
      EXPECT_TRUE(message) << error_->ToString();
      if (!message) return {};
      if (message->has_delivered()) return message->delivered();
      const bool aside = message->has_checkpoint() || message->has_caught_up();
      EXPECT_TRUE(aside) << message->DebugString();
      if (!aside) return {};
    }
  }
  std::string ChangeOf() { return Change().change().change().subject(); }

  void Grant(std::uint32_t more) {
    v1::Credit credit;
    credit.set_subscription(id_);
    credit.set_more(more);
    wire_.Send(MessageType::credit, credit);
  }
  void Leave() {
    v1::Unsubscribe goodbye;
    goodbye.set_subscription(id_);
    wire_.Send(MessageType::unsubscribe, goodbye);
  }

  // Settles the event at `position`. What comes before the reply is kept for Next.
  tl::expected<v1::SettleReply, Errors> Settle(std::uint64_t position, How::How how,
                                               const std::string& why = "") {
    v1::SettleRequest request;
    request.set_group("desk");
    request.set_subscription(id_);
    auto* one = request.add_settled();
    one->mutable_cursor()->set_position(position);
    one->set_how(how);
    one->set_why(why);
    Wire::Reply reply;
    const std::uint64_t asked = wire_.Send(MessageType::settle_request, request);
    while (true) {
      reply = wire_.Receive();
      if (!reply) return tl::unexpected<Errors>(reply.error());
      if (reply->header.correlation == asked) break;
      v1::SubscriptionMessage message;
      EXPECT_TRUE(bus::ParseBody(*reply, &message));
      EXPECT_EQ(message.number(), ++number_) << promise::kNumbered;
      if (!message.has_heartbeat()) came_.push_back(message);
    }
    v1::SettleReply body;
    EXPECT_TRUE(bus::ParseBody(*reply, &body));
    return body;
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  Wire wire_;
  std::uint64_t id_ = 0;
  std::uint64_t number_ = 0;
  std::deque<v1::SubscriptionMessage> came_;
  std::optional<Error> error_;
};

class GroupsTest : public testing::Test {
 protected:
  void SetUp() override { spine.StartAll(); }

  tl::expected<v1::CreateGroupReply, Errors> Create(v1::Group group) {
    v1::CreateGroupRequest request;
    *request.mutable_group() = std::move(group);
    return Ask<v1::CreateGroupReply>(MessageType::create_group_request, request);
  }
  template <class Reply>
  tl::expected<Reply, Errors> Ask(MessageType::Value type,
                                  const google::protobuf::MessageLite& request) {
    Wire wire(spine, spine.endpoints().query);
    return wire.Ask<Reply>(type, request);
  }
  v1::ListGroupsReply::One Standing() {
    const auto reply =
        Ask<v1::ListGroupsReply>(MessageType::list_groups_request, v1::ListGroupsRequest());
    EXPECT_TRUE(reply);
    return reply && reply->groups_size() == 1 ? reply->groups(0) : v1::ListGroupsReply::One();
  }
  void Delete() {
    v1::DeleteGroupRequest farewell;
    farewell.set_name("desk");
    ASSERT_TRUE(Ask<v1::DeleteGroupReply>(MessageType::delete_group_request, farewell));
  }
  v1::ParkedReply Parked(std::uint32_t page_size = 0, const std::string& token = "") {
    v1::ParkedRequest request;
    request.set_group("desk");
    request.set_page_size(page_size);
    request.set_page_token(token);
    const auto reply = Ask<v1::ParkedReply>(MessageType::parked_request, request);
    EXPECT_TRUE(reply);
    return reply.value_or(v1::ParkedReply());
  }

  Spine spine;
};

TEST_F(GroupsTest, IsMadeOnceListedAndForgotten) {
  const auto made = Create(Desk());
  ASSERT_TRUE(made) << made.error().front().ToString();
  EXPECT_TRUE(made->created());
  EXPECT_EQ(made->group().max_in_flight(), 1'000U);
  EXPECT_EQ(made->group().max_deliveries(), 5U);
  EXPECT_EQ(made->group().retry_first_ms(), 1'000U);
  EXPECT_EQ(made->group().retry_longest_ms(), 300'000U);

  const auto again = Create(Desk());
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->created());
  v1::Group other = Desk();
  other.mutable_filter()->add_countries("JP");
  const auto clash = Create(other);
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error().front().reason, Reason::kGroupExists);

  EXPECT_EQ(Standing().group().name(), "desk");
  v1::DeleteGroupRequest farewell;
  farewell.set_name("desk");
  ASSERT_TRUE(Ask<v1::DeleteGroupReply>(MessageType::delete_group_request, farewell));
  const auto unknown = Ask<v1::DeleteGroupReply>(MessageType::delete_group_request, farewell);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().front().reason, Reason::kGroupUnknown);
  spine.StopQuery();
  spine.StartQuery();
  EXPECT_EQ(Standing().group().name(), "");
}

TEST_F(GroupsTest, GoesOnWhereItStoodWhenTheServiceIsStartedAnew) {
  ASSERT_TRUE(Create(Desk()));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 3)));
  {
    Consumer consumer(spine);
    for (int n = 0; n < 4; ++n) EXPECT_EQ(consumer.ChangeOf(), Subject(n));
    const auto acked = consumer.Settle(1, How::ack);
    ASSERT_TRUE(acked) << acked.error().front().ToString();
    EXPECT_EQ(query::FromWire(acked->ack_floor()), query::EndOf(Position(1)));
    EXPECT_EQ(acked->in_flight(), 3U);
    ASSERT_TRUE(consumer.Settle(3, How::ack));
  }
  spine.StopQuery();
  spine.AppendNumbered(4, 4);
  spine.StartQuery();
  Consumer consumer(spine);
  const v1::Delivered second = consumer.Change();
  EXPECT_EQ(second.change().change().subject(), Subject(1));
  EXPECT_EQ(second.delivery(), 2U);
  EXPECT_FALSE(second.change().text().empty());
  EXPECT_EQ(consumer.ChangeOf(), Subject(3));
  EXPECT_EQ(consumer.ChangeOf(), Subject(4));
  for (const std::uint64_t position : {2U, 4U, 5U}) {
    ASSERT_TRUE(consumer.Settle(position, How::ack));
  }
  const auto end = consumer.Next();
  ASSERT_TRUE(end && end->has_caught_up());
  EXPECT_EQ(query::FromWire(end->covered_to()), query::EndOf(Position(5)));
}

TEST_F(GroupsTest, OneChangeOfAMeetingAtATimeAndOtherMeetingsBeside) {
  ASSERT_TRUE(Create(Desk()));
  spine.Append({Scheduled("alpha", {"IN", "JP"}, "2021-04-24"), Postponed("alpha", "2021-04-20"),
                Scheduled("bravo", {"FR", "JP"}, "2021-05-01")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 3));
  Consumer one(spine);
  EXPECT_EQ(one.Change().change().change().position(), 1U);
  EXPECT_EQ(one.Change().change().change().position(), 3U);
  Consumer other(spine);
  // Answered on the same connection: were the second change of `a` on its way, it would have come.
  const auto standing = Standing();
  EXPECT_EQ(standing.out(), 2U);
  EXPECT_EQ(standing.in_flight(), 3U);
  EXPECT_EQ(standing.consumers(), 2U);
  ASSERT_TRUE(one.Settle(1, How::ack));
  EXPECT_EQ(other.Change().change().change().position(), 2U);  // it has more credit
}

TEST_F(GroupsTest, WhatAConsumerHeldGoesToAnotherWhenItVanishes) {
  ASSERT_TRUE(Create(Desk()));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  Consumer silent(spine, 100, "", 1);
  EXPECT_EQ(silent.ChangeOf(), Subject(0));
  Consumer other(spine);
  const v1::Delivered taken_over = other.Change();
  EXPECT_EQ(taken_over.change().change().subject(), Subject(0));
  EXPECT_EQ(taken_over.delivery(), 2U);
  const auto late = silent.Settle(1, How::ack);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().front().reason, Reason::kSubscriptionUnknown);
  ASSERT_TRUE(other.Settle(1, How::ack));
}

TEST_F(GroupsTest, AConsumerThatComesBackUnderItsNameTakesOverAtOnce) {
  ASSERT_TRUE(Create(Desk()));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  Consumer before(spine, 100, "desk-1");
  EXPECT_EQ(before.ChangeOf(), Subject(0));
  Consumer after(spine, 100, "desk-1");
  EXPECT_EQ(after.ChangeOf(), Subject(0));
  std::optional<v1::SubscriptionMessage> last;
  while (!last || !last->has_ended()) last = before.Next();
  EXPECT_THAT(last->ended().why(), testing::HasSubstr("desk-1"));
}

TEST_F(GroupsTest, WhatFailsTooOftenIsParkedAndItsMeetingGoesOn) {
  v1::Group group = Desk();
  group.set_max_deliveries(2);
  ASSERT_TRUE(Create(group));
  spine.Append({Scheduled("alpha", {"IN", "JP"}, "2021-04-24"), Postponed("alpha", "2021-04-20")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 2));
  Consumer consumer(spine);
  EXPECT_EQ(consumer.Change().change().change().position(), 1U);
  ASSERT_TRUE(consumer.Settle(1, How::retry_now, "printer on fire"));
  EXPECT_EQ(consumer.Change().delivery(), 2U);
  ASSERT_TRUE(consumer.Settle(1, How::retry_now, "still on fire"));
  const v1::Delivered next = consumer.Change();
  EXPECT_EQ(next.change().change().position(), 2U);
  EXPECT_TRUE(next.after_parked());

  const v1::ParkedReply parked = Parked();
  ASSERT_EQ(parked.parked_size(), 1);
  EXPECT_EQ(parked.parked(0).change().change().position(), 1U);
  EXPECT_EQ(parked.parked(0).deliveries(), 2U);
  EXPECT_EQ(parked.parked(0).why(), "failed 2 times: still on fire");
  ASSERT_TRUE(consumer.Settle(2, How::ack));

  v1::ReplayParkedRequest replay;
  replay.set_group("desk");
  replay.add_cursors()->set_position(2);
  const auto none = Ask<v1::ReplayParkedReply>(MessageType::replay_parked_request, replay);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().front().reason, Reason::kNotFound);
  replay.mutable_cursors(0)->set_position(1);
  const auto replayed = Ask<v1::ReplayParkedReply>(MessageType::replay_parked_request, replay);
  ASSERT_TRUE(replayed);
  EXPECT_EQ(replayed->replayed(), 1U);
  EXPECT_EQ(consumer.Change().change().change().position(), 1U);
  const auto acked = consumer.Settle(1, How::ack);
  ASSERT_TRUE(acked);
  EXPECT_EQ(acked->in_flight(), 0U);
  EXPECT_EQ(Parked().parked_size(), 0);
}

TEST_F(GroupsTest, RetriedLaterItHoldsBackItsOwnMeetingOnly) {
  v1::Group group = Desk();
  group.set_retry_first_ms(60'000);
  ASSERT_TRUE(Create(group));
  spine.Append({Scheduled("alpha", {"IN", "JP"}, "2021-04-24"), Postponed("alpha", "2021-04-20"),
                Scheduled("bravo", {"FR", "JP"}, "2021-05-01")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 3));
  Consumer consumer(spine);
  EXPECT_EQ(consumer.Change().change().change().position(), 1U);
  EXPECT_EQ(consumer.Change().change().change().position(), 3U);
  ASSERT_TRUE(consumer.Settle(1, How::retry_later));
  const auto acked = consumer.Settle(3, How::ack);
  ASSERT_TRUE(acked);
  EXPECT_EQ(acked->ack_floor().position(), 0U);
  const auto standing = Standing();
  EXPECT_EQ(standing.waiting(), 1U);
  EXPECT_EQ(standing.in_flight(), 2U);
  EXPECT_EQ(standing.out(), 0U);
}

// What comes after the first change of a meeting was settled in each of the ways there are.
struct Kind {
  How::How how;
  std::uint64_t next;  // position
  std::uint32_t delivery;
  bool after_parked;
  int parked;
};

const Kind kKinds[] = {
    {How::ack, 2, 1, false, 0},         {How::skip, 2, 1, false, 0},
    {How::park, 2, 1, true, 1},         {How::retry_now, 1, 2, false, 0},
    {How::retry_later, 1, 2, false, 0},
};

TEST_F(GroupsTest, EachKindOfSettlementDoesWhatItSays) {
  constexpr std::chrono::milliseconds kPause(50);
  spine.Append({Scheduled("alpha", {"IN", "JP"}, "2021-04-24"), Postponed("alpha", "2021-04-20")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 2));
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(How::How_Name(kind.how));
    v1::Group group = Desk();
    group.set_retry_first_ms(static_cast<std::uint32_t>(kPause.count()));
    ASSERT_TRUE(Create(group));
    Consumer consumer(spine);
    EXPECT_EQ(consumer.Change().change().change().position(), 1U);
    const auto asked = std::chrono::steady_clock::now();
    const auto settled = consumer.Settle(1, kind.how, "not today");
    ASSERT_TRUE(settled) << settled.error().front().ToString();
    EXPECT_EQ(settled->not_held_size(), 0);
    const v1::Delivered next = consumer.Change();
    if (kind.how == How::retry_later) {
      EXPECT_GE(std::chrono::steady_clock::now() - asked, kPause) << promise::kRetried;
    }
    EXPECT_EQ(next.change().change().position(), kind.next);
    EXPECT_EQ(next.delivery(), kind.delivery);
    EXPECT_EQ(next.after_parked(), kind.after_parked);
    EXPECT_EQ(Standing().waiting(), 0U);
    EXPECT_EQ(Standing().in_flight(), kind.next == 1 ? 2U : 1U);
    const v1::ParkedReply parked = Parked();
    ASSERT_EQ(parked.parked_size(), kind.parked);
    for (const auto& one : parked.parked()) {
      EXPECT_EQ(one.change().change().position(), 1U);
      EXPECT_EQ(one.why(), "not today");
      EXPECT_EQ(one.deliveries(), 1U);
    }
    Delete();
  }
}

TEST_F(GroupsTest, ParkedChangesAreListedPageByPage) {
  ASSERT_TRUE(Create(Desk()));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 2)));
  Consumer consumer(spine);
  for (std::uint64_t position = 1; position <= 3; ++position) {
    EXPECT_EQ(consumer.Change().change().change().position(), position);
    ASSERT_TRUE(consumer.Settle(position, How::park));
  }
  std::vector<std::uint64_t> listed;
  std::string token;
  do {
    const v1::ParkedReply page = Parked(1, token);
    ASSERT_EQ(page.parked_size(), 1);
    listed.push_back(page.parked(0).change().change().position());
    token = page.next_page_token();
  } while (!token.empty() && listed.size() < 10);
  EXPECT_THAT(listed, ElementsAre(1, 2, 3));
  EXPECT_TRUE(Parked(3).next_page_token().empty());

  v1::ParkedRequest strange;
  strange.set_group("desk");
  strange.set_page_token("page 2");
  const auto refused = Ask<v1::ParkedReply>(MessageType::parked_request, strange);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().reason, Reason::kPageTokenInvalid);
}

// So many that they are read in several pages, and more than may be in flight at all.
TEST_F(GroupsTest, AllThatIsParkedIsReplayed) {
  constexpr std::uint16_t kMany = 10'001;
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  ASSERT_TRUE(Create(Desk()));
  {
    Consumer consumer(spine);
    EXPECT_EQ(consumer.ChangeOf(), Subject(0));
    ASSERT_TRUE(consumer.Settle(1, How::ack));
  }
  spine.StopQuery();
  {
    auto store = query::GroupStore::Open(spine.data() / "subscriptions", [] {}, {});
    ASSERT_TRUE(store) << store.error().ToString();
    std::vector<query::Group::Row> rows;
    rows.reserve(kMany);
    for (std::uint16_t n = 1; n <= kMany; ++n) {
      v1::StoredChange stored;
      v1::Change* change = stored.mutable_change()->mutable_change();
      change->set_position(1);
      change->set_ordinal(n);
      change->set_subject(Subject(n));
      rows.push_back({.kind = query::Group::Row::Kind::kParked,
                      .cursor = {Position(1), Ordinal(n)},
                      .value = stored.SerializeAsString()});
    }
    ASSERT_TRUE((*store)->Write("desk", rows, (*store)->known()));
    (*store)->SyncNow();
  }
  spine.StartQuery();
  EXPECT_EQ(Standing().parked(), kMany);
  v1::ReplayParkedRequest replay;
  replay.set_group("desk");
  const auto replayed = Ask<v1::ReplayParkedReply>(MessageType::replay_parked_request, replay);
  ASSERT_TRUE(replayed) << replayed.error().front().ToString();
  EXPECT_EQ(replayed->replayed(), kMany);
  const auto standing = Standing();
  EXPECT_EQ(standing.parked(), 0U);
  EXPECT_EQ(standing.in_flight(), kMany);
  Consumer consumer(spine, 2);
  EXPECT_EQ(consumer.ChangeOf(), Subject(1));
  EXPECT_EQ(consumer.ChangeOf(), Subject(2));
}

TEST_F(GroupsTest, HistoryBroughtInLateGoesToWhoAsksForIt) {
  v1::NewEvent old = Scheduled("alpha", {"IN", "JP"}, "2021-04-24");
  old.set_backfill(true);
  spine.Append({old, Scheduled("bravo", {"FR", "JP"}, "2021-05-01")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 2));
  for (const bool with_backfill : {false, true}) {
    v1::Group group = Desk();
    group.set_with_backfill(with_backfill);
    ASSERT_TRUE(Create(group));
    Consumer consumer(spine);
    if (with_backfill) {
      EXPECT_EQ(consumer.ChangeOf(), "meeting/alpha") << promise::kGapFree;
      ASSERT_TRUE(consumer.Settle(1, How::ack));
    }
    EXPECT_EQ(consumer.ChangeOf(), "meeting/bravo") << promise::kFiltered;
    ASSERT_TRUE(consumer.Settle(2, How::ack));
    const auto end = consumer.Next();
    ASSERT_TRUE(end && end->has_caught_up());
    EXPECT_EQ(query::FromWire(end->covered_to()), query::EndOf(Position(2))) << promise::kCovered;
    Delete();
  }
}

TEST_F(GroupsTest, StallsVisiblyAtMaxInFlight) {
  v1::Group group = Desk();
  group.set_max_in_flight(2);
  ASSERT_TRUE(Create(group));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 3)));
  Consumer consumer(spine);
  EXPECT_EQ(consumer.ChangeOf(), Subject(0));
  EXPECT_EQ(consumer.ChangeOf(), Subject(1));
  const auto stalled = consumer.Next();
  ASSERT_TRUE(stalled && stalled->has_stalled()) << stalled->DebugString();
  EXPECT_EQ(stalled->stalled().in_flight(), 2U);
  EXPECT_TRUE(Standing().stalled());
  ASSERT_TRUE(consumer.Settle(1, How::ack));
  EXPECT_EQ(consumer.Change().change().change().subject(), Subject(2));
}

TEST_F(GroupsTest, AMergeWaitsForWhatIsInFlightOfTheAbsorbedMeeting) {
  ASSERT_TRUE(Create(Desk()));
  v1::NewEvent merge;
  merge.set_stream("meeting/alpha");
  merge.set_id("merged");
  merge.set_reported("2021-05-05");
  merge.mutable_source()->set_publisher("a daily");
  merge.mutable_source()->set_class_(v1::Source::inferred);
  merge.mutable_meetings_merged()->set_survivor("meeting/alpha");
  merge.mutable_meetings_merged()->set_absorbed("meeting/bravo");
  spine.Append({Scheduled("alpha", {"IN", "JP"}, "2021-04-24"),
                Scheduled("bravo", {"IN", "JP"}, "2021-04-24")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 2));
  Consumer consumer(spine);
  EXPECT_EQ(consumer.ChangeOf(), "meeting/alpha");
  EXPECT_EQ(consumer.ChangeOf(), "meeting/bravo");
  const std::uint64_t merged = spine.Append({merge});
  spine.Append({Postponed("alpha", "2021-05-06")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, merged + 1));
  ASSERT_TRUE(consumer.Settle(1, How::ack));  // the survivor's own is settled
  EXPECT_EQ(Standing().out(), 1U);            // and yet nothing of it goes on
  ASSERT_TRUE(consumer.Settle(2, How::ack));
  EXPECT_EQ(consumer.Change().change().change().position(), merged);
}

TEST_F(GroupsTest, PassesWhatDoesNotMatchWithoutAnyConsumer) {
  v1::Group group = Desk();
  group.mutable_filter()->add_countries("FR");
  ASSERT_TRUE(Create(group));
  spine.Append({Scheduled("alpha", {"IN", "JP"}, "2021-04-24")});
  const std::uint64_t passed = spine.Append({Scheduled("bravo", {"IN", "JP"}, "2021-04-25")});
  const auto floor_is = [this](const Cursor& cursor) {
    return Await([&] { return query::FromWire(Standing().ack_floor()) == cursor; });
  };
  EXPECT_TRUE(floor_is(query::EndOf(Position(passed)))) << promise::kCovered;
  spine.Append({Scheduled("charlie", {"IN", "JP"}, "2021-04-26")});
  const std::uint64_t matches = spine.Append({Scheduled("delta", {"FR", "JP"}, "2021-04-27")});
  spine.Append({Scheduled("echo", {"IN", "JP"}, "2021-04-28")});
  EXPECT_TRUE(floor_is(query::EndOf(Position(matches - 1)))) << promise::kCovered;
  spine.StopQuery();
  spine.StartQuery();
  EXPECT_EQ(query::FromWire(Standing().ack_floor()), query::EndOf(Position(matches - 1)))
      << promise::kDurable;
  Consumer consumer(spine);
  EXPECT_EQ(consumer.ChangeOf(), "meeting/delta") << promise::kGapFree;
}

TEST_F(GroupsTest, WhatIsNotHeldIsNamedAndTheRestIsDone) {
  ASSERT_TRUE(Create(Desk()));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  Consumer consumer(spine);
  EXPECT_EQ(consumer.ChangeOf(), Subject(0));
  const auto other = consumer.Settle(7, How::ack);
  ASSERT_TRUE(other);
  ASSERT_EQ(other->not_held_size(), 1);
  EXPECT_EQ(other->not_held(0).position(), 7U);
  EXPECT_EQ(other->in_flight(), 1U);
}

TEST_F(GroupsTest, WhoseCursorsAreOfAnotherLogAreRefused) {
  ASSERT_TRUE(Create(Desk()));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 3)));
  {
    Consumer consumer(spine);
    EXPECT_EQ(consumer.ChangeOf(), Subject(0));
    ASSERT_TRUE(consumer.Settle(1, How::ack));
  }
  spine.StopQuery();
  spine.StopProjector();
  spine.StopIngest();
  for (const char* const derived : {"log", "views", "replica"}) {
    std::filesystem::remove_all(spine.data() / derived);
  }
  spine.StartAll();
  const auto status = spine.AwaitStatus(
      kQuery, [](const auto& one) { return one.health() == v1::StatusReply::red; });
  EXPECT_EQ(status.health(), v1::StatusReply::red) << status.DebugString();
  const auto listed =
      Ask<v1::ListGroupsReply>(MessageType::list_groups_request, v1::ListGroupsRequest());
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().front().reason, Reason::kLogDiverged);
  Consumer refused(spine);
  EXPECT_FALSE(refused.Next());
  ASSERT_TRUE(refused.error());
  EXPECT_EQ(refused.error()->reason, Reason::kLogDiverged);
}

TEST_F(GroupsTest, AreElsewhereForAQueryThatHoldsNone) {
  spine.StopQuery();
  spine.StartQuery("tcp://127.0.0.1:7402");
  const auto refused = Create(Desk());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().reason, Reason::kSubscriptionsElsewhere);
  EXPECT_EQ(refused.error().front().value, "tcp://127.0.0.1:7402");
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  Consumer consumer(spine);
  EXPECT_FALSE(consumer.Next());
  EXPECT_EQ(consumer.error()->reason, Reason::kSubscriptionsElsewhere);
}

v1::SubscribeRequest OfDesk(std::uint32_t credit) {
  v1::SubscribeRequest request;
  request.set_group("desk");
  request.set_credit(credit);
  return request;
}

TEST_F(GroupsTest, TheClientSettlesAndTheServiceKeepsThePlace) {
  ASSERT_TRUE(Create(Desk()));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 9)));
  for (int half = 0; half < 2; ++half) {
    client::Client client(spine.endpoints(), kPatience);
    std::vector<std::string> subjects;
    const auto done =
        client.Consume(OfDesk(3), {.on_change =
                                       [&](const v1::Delivered& delivered) {
                                         subjects.push_back(delivered.change().change().subject());
                                         return client::Client::Settlement{};
                                       },
                                   .stop = [&] { return subjects.size() == 5; }});
    ASSERT_TRUE(done) << done.error().front().ToString();
    for (int n = 0; n < 5; ++n)
      EXPECT_EQ(subjects[static_cast<std::size_t>(n)], Subject(5 * half + n));
  }
  EXPECT_EQ(Standing().in_flight(), 0U);
}

// The service is started anew twice while the client is at work: nothing is missing, and nothing
// comes to `on_change` twice.
TEST_F(GroupsTest, TheClientLosesNothingAndRepeatsNothingAcrossRestarts) {
  v1::Group group = Desk();
  group.set_max_deliveries(1'000);
  ASSERT_TRUE(Create(group));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 29)));
  client::Client client(spine.endpoints(), kPatience);
  std::vector<std::string> subjects;
  const auto done = client.Consume(
      OfDesk(7), {.on_change =
                      [&](const v1::Delivered& delivered) {
                        subjects.push_back(delivered.change().change().subject());
                        if (subjects.size() == 8 || subjects.size() == 19) {
                          spine.StopQuery();
                          spine.StartQuery();
                        }
                        return client::Client::Settlement{};
                      },
                  .stop =
                      [&, deadline = std::chrono::steady_clock::now() + kPatience] {
                        return subjects.size() >= 30 || std::chrono::steady_clock::now() > deadline;
                      }});
  ASSERT_TRUE(done) << done.error().front().ToString();
  std::vector<std::string> all;
  for (int n = 0; n < 30; ++n) all.push_back(Subject(n));
  EXPECT_THAT(subjects, testing::UnorderedElementsAreArray(all));
}

struct Refusal {
  const char* what;
  void (*spoil)(v1::Group&);
  Reason reason;
  const char* field;
};

const Refusal kRefusals[] = {
    {"no name", [](auto& group) { group.clear_name(); }, Reason::kFieldRequired, "group.name"},
    {"a name of other letters", [](auto& group) { group.set_name("Desk 1"); },
     Reason::kFieldInvalid, "group.name"},
    {"too many in flight", [](auto& group) { group.set_max_in_flight(10'001); },
     Reason::kFieldInvalid, "group.max_in_flight"},
    {"too many deliveries", [](auto& group) { group.set_max_deliveries(1'001); },
     Reason::kFieldInvalid, "group.max_deliveries"},
    {"a first pause above the longest",
     [](auto& group) {
       group.set_retry_first_ms(10);
       group.set_retry_longest_ms(9);
     },
     Reason::kFieldInvalid, "group.retry_first_ms"},
    {"an unknown country", [](auto& group) { group.mutable_filter()->add_countries("Jpan"); },
     Reason::kPartyUnknown, "group.filter.countries[0]"},
};

TEST_F(GroupsTest, RefusesWhatCannotBe) {
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  for (const Refusal& one : kRefusals) {
    v1::Group group = Desk();
    one.spoil(group);
    const auto refused = Create(group);
    ASSERT_FALSE(refused) << one.what;
    EXPECT_EQ(refused.error().front().reason, one.reason) << one.what;
    EXPECT_EQ(refused.error().front().field, one.field) << one.what;
  }
  Consumer consumer(spine);
  EXPECT_FALSE(consumer.Next());
  EXPECT_EQ(consumer.error()->reason, Reason::kGroupUnknown);
}

}  // namespace
}  // namespace entente::spine
