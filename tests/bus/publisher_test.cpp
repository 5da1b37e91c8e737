#include "bus/publisher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <thread>

#include "becomes.h"
#include "entente/v1/subscription.pb.h"

namespace entente::bus {
namespace {

TEST(Publisher, TopicHeaderAndBodyReachWhoListensToThePrefix) {
  zmq::context_t context;
  auto publisher = *Publisher::Bind(context, "tcp://127.0.0.1:*", false);
  zmq::socket_t listener(context, ZMQ_SUB);
  listener.set(zmq::sockopt::linger, 0);
  listener.set(zmq::sockopt::rcvtimeo, 10);
  listener.set(zmq::sockopt::subscribe, "country/JP");
  listener.connect(publisher->endpoint());

  v1::SubscriptionMessage body;
  body.set_number(7);
  zmq::message_t topic;
  // Until the subscription has arrived at the publisher, nothing comes.
  for (int tries = 0; topic.empty() && tries < 2'000; ++tries) {
    ASSERT_TRUE(
        publisher->Publish("country/IN", MakeMessage(MessageType::subscription_message, 0, body)));
    ASSERT_TRUE(
        publisher->Publish("country/JP", MakeMessage(MessageType::subscription_message, 0, body)));
    (void)listener.recv(topic, zmq::recv_flags::none);
  }
  EXPECT_EQ(topic.to_string(), "country/JP");
  zmq::message_t header;
  ASSERT_TRUE(listener.recv(header, zmq::recv_flags::none));
  const auto decoded = DecodeHeader(header.to_string_view());
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->type, MessageType::subscription_message);
  EXPECT_EQ(decoded->body_frames, 1U);
  Message message;
  ASSERT_TRUE(listener.recv(message.body.emplace_back(), zmq::recv_flags::none));
  v1::SubscriptionMessage got;
  ASSERT_TRUE(ParseBody(message, &got));
  EXPECT_EQ(got.number(), 7U);
}

TEST(Publisher, KnowsWhetherAnybodyListens) {
  zmq::context_t context;
  auto publisher = *Publisher::Bind(context, "tcp://127.0.0.1:*", false);
  EXPECT_FALSE(publisher->heard());
  for (const char* const topic : {"country/JP", ""}) {
    zmq::socket_t first(context, ZMQ_SUB);
    zmq::socket_t second(context, ZMQ_SUB);
    for (zmq::socket_t* const listener : {&first, &second}) {
      listener->set(zmq::sockopt::linger, 0);
      listener->set(zmq::sockopt::subscribe, topic);
      listener->connect(publisher->endpoint());
    }
    EXPECT_TRUE(Becomes(true, *publisher)) << topic;
    first.set(zmq::sockopt::unsubscribe, topic);
    second.close();
    EXPECT_TRUE(Becomes(false, *publisher)) << topic;
  }
}

// A listener may send upwards; whatever it is, the others go on listening.
TEST(Publisher, WhatStrangersSendHarmsNobody) {
  zmq::context_t context;
  auto publisher = *Publisher::Bind(context, "tcp://127.0.0.1:*", false);
  std::mt19937 random(20'210'505);
  zmq::socket_t stranger(context, ZMQ_XSUB);
  stranger.set(zmq::sockopt::linger, 0);
  stranger.connect(publisher->endpoint());
  for (int round = 0; round < 200; ++round) {
    const auto parts = 1 + random() % 4;
    for (unsigned part = 1; part <= parts; ++part) {
      std::string bytes(random() % 64, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      stranger.send(zmq::buffer(bytes),
                    part < parts ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
    (void)publisher->heard();
  }
  zmq::socket_t listener(context, ZMQ_SUB);
  listener.set(zmq::sockopt::linger, 0);
  listener.set(zmq::sockopt::rcvtimeo, 10);
  listener.set(zmq::sockopt::subscribe, "country/JP");
  listener.connect(publisher->endpoint());
  zmq::message_t topic;
  for (int tries = 0; topic.empty() && tries < 2'000; ++tries) {
    (void)publisher->heard();
    ASSERT_TRUE(publisher->Publish("country/JP", MakeMessage(MessageType::tail, 0, v1::Tail())));
    (void)listener.recv(topic, zmq::recv_flags::none);
  }
  EXPECT_EQ(topic.to_string(), "country/JP");
}

TEST(Publisher, StaysOnThisMachine) {
  zmq::context_t context;
  EXPECT_EQ(Publisher::Bind(context, "tcp://0.0.0.0:*", false).error().reason,
            Reason::kEndpointRefused);
}

}  // namespace
}  // namespace entente::bus
