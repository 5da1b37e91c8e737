// The PUB tail, heard by a plain SUB socket.
#include <gtest/gtest.h>

#include <optional>
#include <zmq.hpp>

#include "bus/frame.h"
#include "entente/v1/subscription.pb.h"
#include "services/query/subscription/cursor.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;

struct Heard {
  std::string prefix;
  v1::Tail tail;
};

class Listener {
 public:
  Listener(Spine& spine, const std::string& prefix) : socket_(spine.context(), ZMQ_SUB) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, 100);
    socket_.set(zmq::sockopt::subscribe, prefix);
    socket_.connect(spine.endpoints().tail);
  }

  // nullopt: nothing came for a while.
  std::optional<Heard> Next() {
    zmq::message_t prefix;
    if (!socket_.recv(prefix)) return std::nullopt;
    zmq::message_t header;
    EXPECT_TRUE(socket_.recv(header));
    EXPECT_EQ(bus::DecodeHeader(header.to_string_view())->type, bus::MessageType::tail);
    zmq::message_t body;
    EXPECT_TRUE(socket_.recv(body));
    EXPECT_FALSE(body.more());
    Heard heard{.prefix = prefix.to_string(), .tail = {}};
    EXPECT_TRUE(heard.tail.ParseFromArray(body.data(), static_cast<int>(body.size())));
    return heard;
  }

 private:
  zmq::socket_t socket_;
};

TEST(Tail, TellsEachCountryOfItsChangesAndOfTheOneBefore) {
  Spine spine;
  spine.StartAll();
  Listener listener(spine, "country/FR/");
  // Until the subscription has arrived at the publisher, nothing comes.
  std::optional<Heard> first;
  int n = 1;
  for (; !first && n < 400; n += 2) {
    ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(n, n)));
    first = listener.Next();
  }
  ASSERT_TRUE(first);
  EXPECT_EQ(first->prefix, "country/FR/");
  const Cursor at = query::CursorOf(first->tail.change().change());
  EXPECT_LT(query::FromWire(first->tail.previous()), at);

  spine.AppendNumbered(1'000, 1'000);  // not of France
  const std::uint64_t last = spine.AppendNumbered(1'001, 1'001);
  std::optional<Heard> next;
  Cursor before = at;
  ASSERT_TRUE(Await([&] {
    next = listener.Next();
    if (!next) return false;
    EXPECT_EQ(query::FromWire(next->tail.previous()), before) << "no gap";
    before = query::CursorOf(next->tail.change().change());
    return before.position == Position(last);
  }));
  EXPECT_EQ(next->tail.change().change().subject(), Numbered(1'001).stream());
  EXPECT_FALSE(next->tail.change().text().empty());
}

}  // namespace
}  // namespace entente::spine
