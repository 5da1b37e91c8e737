#include "bus/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bus/dealer.h"
#include "entente/v1/log.pb.h"
#include "run_until.h"

namespace entente::bus {
namespace {

using std::chrono::milliseconds;

RouterOptions On(std::string endpoint) { return {std::move(endpoint), false, "test"}; }

TEST(Router, FillsInThePortsOfAllItsEndpoints) {
  zmq::context_t context;
  Loop loop;
  auto router = Router::Bind(loop, context, On("tcp://127.0.0.1:*, inproc://both"),
                             [](const Caller&, Message) {});
  ASSERT_TRUE(router) << router.error().ToString();
  EXPECT_THAT((*router)->endpoint(),
              testing::MatchesRegex("tcp://127\\.0\\.0\\.1:[0-9]+,inproc://both"));
}

TEST(Router, RefusesWhatItMayNotOrCannotBind) {
  zmq::context_t context;
  Loop loop;
  const auto none = [](const Caller&, Message) {};
  auto first = Router::Bind(loop, context, On("tcp://127.0.0.1:*"), none);
  ASSERT_TRUE(first);
  for (const std::string& endpoint :
       {std::string("tcp://0.0.0.0:*"), std::string(""), std::string("smtp://x"),
        std::string("ipc:///nonexistent/folder/socket"), (*first)->endpoint(),
        "inproc://a," + (*first)->endpoint()}) {
    auto second = Router::Bind(loop, context, On(endpoint), none);
    ASSERT_FALSE(second) << endpoint;
    EXPECT_EQ(second.error().reason, Reason::kEndpointRefused) << endpoint;
  }
}

TEST(Router, AnswersAnUnknownTypeWithAnError) {
  zmq::context_t context;
  Loop loop;
  std::unique_ptr<Router> router;
  router = *Router::Bind(loop, context, On("inproc://types"),
                         [&](const Caller& caller, Message message) {
                           router->ReplyUnknownType(caller, message.header);
                         });
  auto dealer = *Dealer::Connect(loop, context, "inproc://types");
  Errors errors;
  dealer->Request(static_cast<MessageType::Value>(999), v1::StatusRequest(), milliseconds(5'000),
                  [&](auto reply) { errors = reply.error(), loop.Stop(); });
  loop.Run();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].reason, Reason::kMessageType);
  EXPECT_EQ(errors[0].value, "999");
}

TEST(Router, KnowsWhenAPeerIsGone) {
  zmq::context_t context;
  Loop loop;
  Caller caller;
  auto router = *Router::Bind(loop, context, On("tcp://127.0.0.1:*"),
                              [&](const Caller& from, Message) { caller = from; });
  auto dealer = *Dealer::Connect(loop, context, router->endpoint());
  ASSERT_TRUE(dealer->Tell(MessageType::status_request, v1::StatusRequest()));
  ASSERT_TRUE(RunUntil(loop, [&] { return !caller.identity.empty(); }));
  dealer.reset();
  Status sent;
  EXPECT_TRUE(RunUntil(loop, [&] {
    sent = router->Send(caller, MakeMessage(MessageType::status_reply, 1, v1::StatusReply()));
    return !sent;
  }));
  EXPECT_EQ(sent.error().reason, Reason::kUnreachable);
  // The replies of handlers that did not know yet harm nobody.
  router->Reply(caller, MessageType::status_reply, 1, v1::StatusReply());
  EXPECT_EQ(router->counts().lost, 1U);
}

// A peer that asks and does not read: Send says so, Reply keeps what it can and delivers it when
// the peer reads again.
TEST(Router, ASlowReaderIsNoCredit) {
  zmq::context_t context;
  Loop loop;
  Caller caller;
  auto router = *Router::Bind(loop, context, On("tcp://127.0.0.1:*"),
                              [&](const Caller& from, Message) { caller = from; });
  zmq::socket_t peer(context, ZMQ_DEALER);
  peer.set(zmq::sockopt::rcvhwm, 1);
  peer.set(zmq::sockopt::rcvbuf, 4'096);
  peer.set(zmq::sockopt::linger, 0);
  peer.connect(router->endpoint());
  Message hello = MakeMessage(MessageType::status_request, 1, v1::StatusRequest());
  hello.header.body_frames = 1;
  peer.send(zmq::buffer(EncodeHeader(hello.header)), zmq::send_flags::sndmore);
  peer.send(hello.body[0], zmq::send_flags::none);
  ASSERT_TRUE(RunUntil(loop, [&] { return !caller.identity.empty(); }));

  v1::StatusReply large;
  large.add_notes(std::string(100'000, 'n'));
  std::uint64_t sent = 0;
  Status status;
  while (status && sent < 100'000) {
    status = router->Send(caller, MakeMessage(MessageType::status_reply, sent + 1, large));
    if (status) ++sent;
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().reason, Reason::kOverloaded);

  router->Reply(caller, MessageType::status_reply, sent + 1, large);
  router->Reply(caller, MessageType::status_reply, sent + 2, large);
  EXPECT_EQ(router->counts().deferred, 2U);
  std::uint64_t read = 0;
  EXPECT_TRUE(RunUntil(loop, [&] {
    zmq::message_t frame;
    while (peer.recv(frame, zmq::recv_flags::dontwait)) {
      if (frame.size() == kHeaderBytes) {
        EXPECT_EQ(DecodeHeader(frame.to_string_view())->correlation, ++read);
      }
    }
    return read == sent + 2;
  }));
  EXPECT_EQ(router->counts().lost, 0U);
}

TEST(Router, AReplyThatIsTooLargeBecomesTheErrorThatSaysSo) {
  zmq::context_t context;
  Loop loop;
  std::unique_ptr<Router> router;
  router = *Router::Bind(
      loop, context, On("inproc://large"), [&](const Caller& caller, Message message) {
        v1::StatusReply reply;
        reply.add_notes(std::string(kMessageBytesMax, 'x'));
        EXPECT_EQ(
            router->Send(caller, MakeMessage(MessageType::status_reply, 1, reply)).error().reason,
            Reason::kMessageTooLarge);
        router->Reply(caller, MessageType::status_reply, message.header.correlation, reply);
      });
  auto dealer = *Dealer::Connect(loop, context, "inproc://large");
  Errors errors;
  dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(5'000),
                  [&](auto reply) { errors = reply.error(), loop.Stop(); });
  loop.Run();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].reason, Reason::kMessageTooLarge);
}

}  // namespace
}  // namespace entente::bus
