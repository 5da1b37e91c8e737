#include "bus/subscriber.h"

#include <gtest/gtest.h>

#include <chrono>

#include "becomes.h"
#include "bus/publisher.h"
#include "entente/v1/subscription.pb.h"

namespace entente::bus {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kPatience(20);

Message Numbered(std::uint64_t number) {
  v1::SubscriptionMessage body;
  body.set_number(number);
  return MakeMessage(MessageType::subscription_message, 0, body);
}

std::uint64_t NumberOf(const Message& message) {
  v1::SubscriptionMessage body;
  EXPECT_TRUE(ParseBody(message, &body));
  return body.number();
}

TEST(Subscriber, HearsTheTopicsOfItsPrefixes) {
  zmq::context_t context;
  const auto publisher = *Publisher::Bind(context, "tcp://127.0.0.1:*", false);
  const auto subscriber =
      *Subscriber::Connect(context, publisher->endpoint(), {"country/JP/", "country/IN/"});
  EXPECT_FALSE(subscriber->Next(milliseconds(0)));
  EXPECT_TRUE(Becomes(true, *publisher));
  ASSERT_TRUE(publisher->Publish("country/FR/", Numbered(1)));
  ASSERT_TRUE(publisher->Publish("country/IN/", Numbered(2)));
  const auto heard = subscriber->Next(kPatience);
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->topic, "country/IN/");
  EXPECT_EQ(heard->message.header.type, MessageType::subscription_message);
  EXPECT_EQ(NumberOf(heard->message), 2U);
}

TEST(Subscriber, PassesOverWhatIsNoMessageOfOurs) {
  zmq::context_t context;
  zmq::socket_t stranger(context, ZMQ_XPUB);
  stranger.set(zmq::sockopt::linger, 0);
  stranger.bind("tcp://127.0.0.1:*");
  const auto subscriber =
      *Subscriber::Connect(context, stranger.get(zmq::sockopt::last_endpoint), {""});
  zmq::message_t subscription;
  ASSERT_TRUE(stranger.recv(subscription));
  stranger.send(zmq::str_buffer("one frame"), zmq::send_flags::none);
  stranger.send(zmq::str_buffer("topic"), zmq::send_flags::sndmore);
  stranger.send(zmq::str_buffer("no header"), zmq::send_flags::none);
  Message good = Numbered(3);
  good.header.body_frames = 1;
  stranger.send(zmq::str_buffer("topic"), zmq::send_flags::sndmore);
  stranger.send(zmq::buffer(EncodeHeader(good.header)), zmq::send_flags::sndmore);
  stranger.send(good.body.front(), zmq::send_flags::none);
  const auto heard = subscriber->Next(kPatience);
  ASSERT_TRUE(heard);
  EXPECT_EQ(NumberOf(heard->message), 3U);
}

TEST(Subscriber, RefusesWhatIsNoEndpoint) {
  zmq::context_t context;
  const auto refused = Subscriber::Connect(context, "http://127.0.0.1", {""});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kEndpointRefused);
}

}  // namespace
}  // namespace entente::bus
