// How much of each sort a query takes: up to that it works, and one more is refused and harms
// nothing.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "services/query/groups.h"
#include "services/query/subscription/group_limits.h"
#include "services/query/subscriptions.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using bus::MessageType;

class Limits : public testing::Test {
 protected:
  void SetUp() override {
    spine.StartAll();
    ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  }

  static v1::CreateGroupRequest GroupNamed(const std::string& name) {
    v1::CreateGroupRequest request;
    request.mutable_group()->set_name(name);
    return request;
  }
  static v1::SubscribeRequest ConsumerOf(const std::string& group) {
    v1::SubscribeRequest request;
    request.set_group(group);
    request.set_resume(true);
    return request;
  }

  // The error that answers the request with this id; nullopt: it is answered otherwise. What is
  // said to others meanwhile is passed over.
  static std::optional<Error> RefusalOf(Wire* wire, std::uint64_t id) {
    while (true) {
      const auto reply = wire->Receive();
      if (!reply) return reply.error().front();
      if (reply->header.correlation == id) return std::nullopt;
    }
  }
  // Sends `count` requests, a hundred at a time; how many of them were answered, each at least
  // once.
  static std::size_t Answered(Wire* wire, std::size_t count, MessageType::Value type,
                              const std::function<std::string(std::size_t)>& body) {
    std::size_t answered = 0;
    for (std::size_t sent = 0; sent < count;) {
      std::set<std::uint64_t> waiting;
      for (int i = 0; i < 100 && sent < count; ++i, ++sent) {
        waiting.insert(wire->SendBytes(type, body(sent)));
      }
      while (!waiting.empty()) {
        const auto reply = wire->Receive();
        if (!reply) {
          ADD_FAILURE() << reply.error().front().ToString();
          return answered;
        }
        answered += waiting.erase(reply->header.correlation);
      }
    }
    return answered;
  }

  Spine spine;
};

TEST_F(Limits, TenThousandSubscriptionsAreOpenAndNoMore) {
  Wire wire(spine, spine.endpoints().query, 100'000);
  v1::SubscribeRequest request;
  request.set_now(true);
  request.set_lease_s(3'600);
  ASSERT_EQ(Answered(&wire, query::Subscriptions::kOpenMax, MessageType::subscribe_request,
                     [&](std::size_t) { return request.SerializeAsString(); }),
            query::Subscriptions::kOpenMax);
  const auto refused = RefusalOf(&wire, wire.Send(MessageType::subscribe_request, request));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reason, Reason::kOverloaded);
  // Where one is closed there is room for one, and all hear of what comes.
  v1::Unsubscribe goodbye;
  goodbye.set_subscription(1);
  wire.Send(MessageType::unsubscribe, goodbye);
  const std::uint64_t newest = wire.Send(MessageType::subscribe_request, request);
  EXPECT_FALSE(RefusalOf(&wire, newest));
  spine.AppendNumbered(1, 1);
  std::set<std::uint64_t> told;
  while (told.size() < query::Subscriptions::kOpenMax) {
    const auto reply = wire.Receive();
    ASSERT_TRUE(reply) << "only " << told.size() << " heard: " << reply.error().front().ToString();
    v1::SubscriptionMessage message;
    ASSERT_TRUE(bus::ParseBody(*reply, &message));
    if (message.has_delivered()) told.insert(reply->header.correlation);
  }
  EXPECT_FALSE(told.contains(1));
  EXPECT_TRUE(told.contains(newest));
}

TEST_F(Limits, AThousandGroupsAreKeptAndNoMore) {
  Wire wire(spine, spine.endpoints().query, 10'000);
  const auto name = [](std::size_t n) { return "desk-" + std::to_string(n); };
  ASSERT_EQ(Answered(&wire, query::Groups::kGroupsMax, MessageType::create_group_request,
                     [&](std::size_t n) { return GroupNamed(name(n)).SerializeAsString(); }),
            query::Groups::kGroupsMax);
  const auto create = [&](const std::string& one) {
    return wire.Ask<v1::CreateGroupReply>(MessageType::create_group_request, GroupNamed(one));
  };
  const auto refused = create("one-too-many");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().reason, Reason::kOverloaded);
  const auto known = create(name(0));
  ASSERT_TRUE(known) << "one that is there is no new one";
  EXPECT_FALSE(known->created());
  v1::DeleteGroupRequest farewell;
  farewell.set_name(name(0));
  ASSERT_TRUE(wire.Ask<v1::DeleteGroupReply>(MessageType::delete_group_request, farewell));
  EXPECT_TRUE(create("one-too-many"));
  // All of them are there when the service is started anew.
  spine.StopQuery();
  spine.StartQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 1));
  Wire again(spine, spine.endpoints().query);
  const auto listed =
      again.Ask<v1::ListGroupsReply>(MessageType::list_groups_request, v1::ListGroupsRequest());
  ASSERT_TRUE(listed) << listed.error().front().ToString();
  EXPECT_EQ(listed->groups_size(), query::Groups::kGroupsMax);
}

TEST_F(Limits, AThousandConsumersShareAGroupAndNoMore) {
  Wire wire(spine, spine.endpoints().query, 10'000);
  ASSERT_TRUE(
      wire.Ask<v1::CreateGroupReply>(MessageType::create_group_request, GroupNamed("desk")));
  v1::ListGroupsRequest ask;
  ask.set_name("desk");
  for (std::size_t n = 0; n < query::Groups::kConsumersMax; ++n) {
    wire.Send(MessageType::subscribe_request, ConsumerOf("desk"));
  }
  const auto refused =
      RefusalOf(&wire, wire.Send(MessageType::subscribe_request, ConsumerOf("desk")));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reason, Reason::kOverloaded);
  EXPECT_EQ(refused->field, "group");
  Wire other(spine, spine.endpoints().query);
  const auto listed = other.Ask<v1::ListGroupsReply>(MessageType::list_groups_request, ask);
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->groups(0).consumers(), query::Groups::kConsumersMax);
  EXPECT_EQ(listed->groups(0).out(), 1U) << "the one change is with one of them";
}

TEST_F(Limits, TenThousandSettlementsAreTakenAtOnceAndNoMore) {
  Wire wire(spine, spine.endpoints().query);
  ASSERT_TRUE(
      wire.Ask<v1::CreateGroupReply>(MessageType::create_group_request, GroupNamed("desk")));
  const std::uint64_t id = wire.Send(MessageType::subscribe_request, ConsumerOf("desk"));
  v1::SettleRequest request;
  request.set_group("desk");
  request.set_subscription(id);
  for (std::uint64_t n = 1; n <= 10'000; ++n) {
    auto* one = request.add_settled();
    one->mutable_cursor()->set_position(n);
    one->set_how(v1::SettleRequest::ack);
  }
  EXPECT_FALSE(RefusalOf(&wire, wire.Send(MessageType::settle_request, request)));
  *request.add_settled() = request.settled(0);
  const auto refused = RefusalOf(&wire, wire.Send(MessageType::settle_request, request));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reason, Reason::kFieldInvalid);
  EXPECT_EQ(refused->field, "settled");
}

struct Odd {
  const char* field;
  void (*spoil)(v1::SubscribeRequest&);
};

const Odd kOdd[] = {
    {"from", [](auto& request) { request.set_now(true); }},
    {"from", [](auto& request) { request.set_recorded("2021-05-05"); }},
    {"filter", [](auto& request) { request.mutable_filter()->add_countries("FR"); }},
    {"with_confirmations", [](auto& request) { request.set_with_confirmations(true); }},
    {"with_backfill", [](auto& request) { request.set_with_backfill(true); }},
    {"with_meeting", [](auto& request) { request.set_with_meeting(true); }},
    {"consumer", [](auto& request) { request.set_consumer(std::string(81, 'x')); }},
};

// What a group is was said when it was made; a consumer that expects otherwise is told so.
TEST_F(Limits, AConsumerBringsNothingOfItsOwn) {
  Wire wire(spine, spine.endpoints().query);
  v1::CreateGroupRequest made = GroupNamed("desk");
  made.mutable_group()->mutable_filter()->add_countries("JP");
  ASSERT_TRUE(wire.Ask<v1::CreateGroupReply>(MessageType::create_group_request, made));
  for (const Odd& odd : kOdd) {
    v1::SubscribeRequest request = ConsumerOf("desk");
    odd.spoil(request);
    const auto refused = RefusalOf(&wire, wire.Send(MessageType::subscribe_request, request));
    ASSERT_TRUE(refused) << odd.field;
    EXPECT_EQ(refused->reason, Reason::kFieldInvalid) << odd.field;
    EXPECT_EQ(refused->field, odd.field);
  }
  v1::SubscribeRequest same = ConsumerOf("desk");
  same.mutable_filter()->add_countries("JP");
  same.set_consumer(std::string(query::kConsumerBytesMax, 'x'));
  EXPECT_FALSE(RefusalOf(&wire, wire.Send(MessageType::subscribe_request, same)));
}

}  // namespace
}  // namespace entente::spine
