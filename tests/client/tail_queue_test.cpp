#include "client/tail_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "bus/publisher.h"
#include "entente/v1/subscription.pb.h"
#include "tests/bus/becomes.h"

namespace entente::client {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience(20);

bus::Message Numbered(std::uint64_t number) {
  v1::Tail body;
  body.mutable_previous()->set_position(number);
  return bus::MakeMessage(bus::MessageType::tail, 0, body);
}

std::uint64_t NumberOf(const bus::Message& message) {
  v1::Tail body;
  EXPECT_TRUE(bus::ParseBody(message, &body));
  return body.previous().position();
}

// ZeroMQ frees the port of a closed socket a moment later.
std::unique_ptr<bus::Publisher> BindAgain(zmq::context_t& context, const std::string& endpoint) {
  const auto deadline = steady_clock::now() + kPatience;
  while (steady_clock::now() < deadline) {
    if (auto bound = bus::Publisher::Bind(context, endpoint, false)) return *std::move(bound);
    std::this_thread::yield();
  }
  ADD_FAILURE() << endpoint << " stays taken";
  return nullptr;
}

// The newest are kept, in order, and the last one is always among them.
TEST(TailQueue, WhereThereIsNoRoomTheOldestGo) {
  constexpr std::uint64_t kMany = 5'000;
  zmq::context_t context;
  const auto publisher = *bus::Publisher::Bind(context, "tcp://127.0.0.1:*", false);
  TailQueue queue(*bus::Subscriber::Connect(context, publisher->endpoint(), {"t"}), /*room=*/1);
  EXPECT_TRUE(bus::Becomes(true, *publisher));
  for (std::uint64_t n = 1; n <= kMany; ++n) ASSERT_TRUE(publisher->Publish("t", Numbered(n)));
  std::uint64_t last = 0;
  std::uint64_t count = 0;
  while (last < kMany) {
    const auto heard = queue.Next(kPatience);
    ASSERT_TRUE(heard) << "after " << last;
    EXPECT_GT(NumberOf(heard->message), last);
    last = NumberOf(heard->message);
    ++count;
  }
  EXPECT_LT(count, kMany) << "all were kept";
}

// One that nobody reads from while more is published than there is room for anywhere, and whose
// publisher is then started anew.
TEST(TailQueue, UnreadItOutlivesItsPublisher) {
  constexpr std::uint64_t kMany = 30'000;
  zmq::context_t context;
  auto publisher = *bus::Publisher::Bind(context, "tcp://127.0.0.1:*", false);
  const std::string endpoint = publisher->endpoint();
  TailQueue queue(*bus::Subscriber::Connect(context, endpoint, {"t"}), /*room=*/1);
  for (int round = 1; round <= 3; ++round) {
    EXPECT_TRUE(bus::Becomes(true, *publisher));
    for (std::uint64_t n = 1; n <= kMany; ++n) ASSERT_TRUE(publisher->Publish("t", Numbered(n)));
    publisher.reset();
    publisher = BindAgain(context, endpoint);
    ASSERT_TRUE(publisher);
    EXPECT_TRUE(bus::Becomes(true, *publisher));
    ASSERT_TRUE(publisher->Publish("t", Numbered(kMany + 1)));
    std::uint64_t last = 0;
    while (last <= kMany) {
      const auto heard = queue.Next(kPatience);
      ASSERT_TRUE(heard) << "after " << last;
      last = NumberOf(heard->message);
    }
  }
}

}  // namespace
}  // namespace entente::client
