#include "bus/dealer.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <set>

#include "bus/router.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/subscription.pb.h"
#include "entente/v1/view.pb.h"
#include "run_until.h"

namespace entente::bus {
namespace {

using std::chrono::milliseconds;

// Answers status requests with the correlation id as checkpoint.
struct Echo {
  Echo(Loop& loop, zmq::context_t& context, const std::string& endpoint) {
    auto bound = Router::Bind(
        loop, context, {endpoint, false, "echo"}, [this](const Caller& caller, Message message) {
          last = message.header;
          v1::StatusReply reply;
          reply.set_checkpoint(message.header.correlation);
          router->Reply(caller, MessageType::status_reply, message.header.correlation, reply);
        });
    if (bound) router = std::move(*bound);
  }
  std::unique_ptr<Router> router;
  Header last;
};

// ZeroMQ frees the port of a closed socket a moment later.
std::unique_ptr<Echo> BindAgain(Loop& loop, zmq::context_t& context, const std::string& endpoint) {
  std::unique_ptr<Echo> echo;
  EXPECT_TRUE(RunUntil(loop, [&] {
    echo = std::make_unique<Echo>(loop, context, endpoint);
    return echo->router != nullptr;
  }));
  return echo;
}

// Nobody listens there, and nobody did: a port of a listener that is closing still takes
// connections, and with them what is sent.
std::string UnusedEndpoint() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(fd);
  return "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

std::uint64_t CheckpointOf(const Message& message) {
  v1::StatusReply reply;
  EXPECT_TRUE(ParseBody(message, &reply));
  return reply.checkpoint();
}

TEST(Dealer, EachReplyFindsItsRequest) {
  const std::string ipc = "ipc:///tmp/entente-dealer-test-" + std::to_string(getpid());
  for (const std::string& endpoint :
       {std::string("tcp://127.0.0.1:*"), ipc, std::string("inproc://echo")}) {
    zmq::context_t context;
    Loop loop;
    Echo echo(loop, context, endpoint);
    auto dealer = *Dealer::Connect(loop, context, echo.router->endpoint());
    std::set<std::uint64_t> answered;
    for (int i = 0; i < 500; ++i) {
      auto expected = std::make_shared<std::uint64_t>();
      *expected = dealer->Request(MessageType::status_request, v1::StatusRequest(),
                                  milliseconds(10'000), [&, expected](auto reply) {
                                    ASSERT_TRUE(reply) << reply.error().at(0).ToString();
                                    EXPECT_EQ(CheckpointOf(*reply), *expected);
                                    answered.insert(*expected);
                                  });
    }
    EXPECT_TRUE(RunUntil(loop, [&] { return answered.size() == 500; })) << endpoint;
    EXPECT_EQ(echo.last.time_left_ms, 10'000U);
  }
}

TEST(Dealer, ConnectsWhenThePeerComesUpLater) {
  zmq::context_t context;
  Loop loop;
  const std::string endpoint = UnusedEndpoint();
  auto dealer = *Dealer::Connect(loop, context, endpoint);
  bool answered = false;
  dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(15'000),
                  [&](auto reply) { answered = reply.has_value(); });
  bool later = false;
  loop.After(milliseconds(100), [&] { later = true; });
  ASSERT_TRUE(RunUntil(loop, [&] { return later; }));
  const auto echo = BindAgain(loop, context, endpoint);
  EXPECT_TRUE(RunUntil(loop, [&] { return answered; }));
}

// What is sent before the loss is noticed goes down with the connection, so a caller asks again.
TEST(Dealer, ReconnectsToAPeerThatWasAway) {
  zmq::context_t context;
  Loop loop;
  auto echo = std::make_unique<Echo>(loop, context, "tcp://127.0.0.1:*");
  const std::string endpoint = echo->router->endpoint();
  auto dealer = *Dealer::Connect(loop, context, endpoint);
  bool answered = false;
  std::function<void()> ask = [&] {
    dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(50),
                    [&](auto reply) { reply ? void(answered = true) : ask(); });
  };
  ask();
  ASSERT_TRUE(RunUntil(loop, [&] { return answered; }));
  echo.reset();
  answered = false;
  ask();
  echo = BindAgain(loop, context, endpoint);
  EXPECT_TRUE(RunUntil(loop, [&] { return answered; }));
}

TEST(Dealer, SilenceIsUnreachableOnceAndFinally) {
  zmq::context_t context;
  Loop loop;
  auto silent =
      *Router::Bind(loop, context, {"inproc://silent", false, ""}, [](const Caller&, Message) {});
  auto dealer = *Dealer::Connect(loop, context, "inproc://silent");
  int calls = 0;
  Errors errors;
  dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(1),
                  [&](auto reply) { ++calls, errors = reply.error(); });
  EXPECT_TRUE(RunUntil(loop, [&] { return calls > 0; }));
  EXPECT_EQ(calls, 1);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].reason, Reason::kUnreachable);
}

TEST(Dealer, ReconnectAnswersWhatIsOpenAndWorksAgain) {
  zmq::context_t context;
  Loop loop;
  Echo echo(loop, context, "inproc://again");
  auto dealer = *Dealer::Connect(loop, context, "inproc://again");
  std::optional<Errors> dropped;
  dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(10'000),
                  [&](auto reply) { dropped = reply.error(); });
  dealer->Reconnect();
  EXPECT_FALSE(dropped) << "answers come from the loop";
  bool answered = false;
  dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(10'000),
                  [&](auto reply) { answered = reply.has_value(); });
  EXPECT_TRUE(RunUntil(loop, [&] { return answered && dropped; }));
  EXPECT_EQ(dropped->at(0).reason, Reason::kUnreachable);
}

TEST(Dealer, AStreamGoesOnUntilItIsForgotten) {
  zmq::context_t context;
  Loop loop;
  Caller caller;
  std::uint64_t correlation = 0;
  auto server = *Router::Bind(loop, context, {"inproc://stream", false, ""},
                              [&](const Caller& from, Message message) {
                                caller = from;
                                correlation = message.header.correlation;
                              });
  auto dealer = *Dealer::Connect(loop, context, "inproc://stream");
  std::uint64_t seen = 0;
  std::uint64_t stream = 0;
  stream =
      dealer->Stream(MessageType::subscribe_request, v1::SubscribeRequest(), [&](auto message) {
        ASSERT_TRUE(message);
        if (++seen == 3) dealer->Forget(stream);
      });
  ASSERT_TRUE(RunUntil(loop, [&] { return correlation != 0; }));
  EXPECT_EQ(correlation, stream);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(server->Send(caller, MakeMessage(MessageType::subscription_message, correlation,
                                                 v1::SubscriptionMessage())));
  }
  bool later = false;
  loop.After(milliseconds(30), [&] { later = true; });
  EXPECT_TRUE(RunUntil(loop, [&] { return later; }));
  EXPECT_EQ(seen, 3U);
}

TEST(Dealer, AnErrorEndsAStream) {
  zmq::context_t context;
  Loop loop;
  std::unique_ptr<Router> server;
  server = *Router::Bind(loop, context, {"inproc://refused", false, ""},
                         [&](const Caller& from, Message message) {
                           server->ReplyUnknownType(from, message.header);
                           server->ReplyUnknownType(from, message.header);
                         });
  auto dealer = *Dealer::Connect(loop, context, "inproc://refused");
  int calls = 0;
  dealer->Stream(MessageType::subscribe_request, v1::SubscribeRequest(), [&](auto message) {
    EXPECT_FALSE(message);
    ++calls;
  });
  bool later = false;
  loop.After(milliseconds(50), [&] { later = true; });
  EXPECT_TRUE(RunUntil(loop, [&] { return later && calls > 0; }));
  EXPECT_EQ(calls, 1);
}

TEST(Dealer, ACallbackMayDestroyTheDealer) {
  zmq::context_t context;
  Loop loop;
  Echo echo(loop, context, "inproc://destroyed");
  auto dealer = *Dealer::Connect(loop, context, "inproc://destroyed");
  int calls = 0;
  for (int i = 0; i < 10; ++i) {
    dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(10'000),
                    [&](auto) { ++calls, dealer.reset(); });
  }
  EXPECT_TRUE(RunUntil(loop, [&] { return dealer == nullptr; }));
  EXPECT_EQ(calls, 1);
}

TEST(Dealer, ARequestThatIsTooLargeIsNotSent) {
  zmq::context_t context;
  Loop loop;
  Echo echo(loop, context, "inproc://too-large");
  auto dealer = *Dealer::Connect(loop, context, "inproc://too-large");
  v1::StatusReply large;
  large.add_notes(std::string(kMessageBytesMax, 'x'));
  std::optional<Errors> errors;
  dealer->Request(MessageType::status_request, large, milliseconds(10'000),
                  [&](auto reply) { errors = reply.error(); });
  EXPECT_TRUE(RunUntil(loop, [&] { return errors.has_value(); }));
  EXPECT_EQ(errors->at(0).reason, Reason::kMessageTooLarge);
  EXPECT_EQ(echo.router->counts().received, 0U);
}

// One reply answers both requests about generations; it answers no other.
TEST(Dealer, TakesTheReplyThatAnswersItsRequestAndNoOther) {
  zmq::context_t context;
  Loop loop;
  std::unique_ptr<Router> server;
  server = *Router::Bind(loop, context, {"inproc://generations", false, ""},
                         [&](const Caller& caller, const Message& message) {
                           server->Reply(caller, MessageType::generations_reply,
                                         message.header.correlation, v1::GenerationsReply());
                         });
  auto dealer = *Dealer::Connect(loop, context, "inproc://generations");
  std::map<MessageType::Value, bool> taken;
  for (const auto type : {MessageType::generations_request, MessageType::change_generations_request,
                          MessageType::status_request}) {
    dealer->Request(type, v1::GenerationsRequest(), milliseconds(10'000),
                    [&taken, type](auto reply) { taken[type] = reply.has_value(); });
  }
  EXPECT_TRUE(RunUntil(loop, [&] { return taken.size() == 3; }));
  EXPECT_TRUE(taken[MessageType::generations_request]);
  EXPECT_TRUE(taken[MessageType::change_generations_request]);
  EXPECT_FALSE(taken[MessageType::status_request]);
}

// A server of another version cannot name the request it did not understand.
TEST(Dealer, AnErrorWithoutCorrelationAnswersAllThatIsOpen) {
  zmq::context_t context;
  Loop loop;
  std::unique_ptr<Router> server;
  server = *Router::Bind(loop, context, {"inproc://other-version", false, ""},
                         [&](const Caller& from, Message) {
                           Error error;
                           error.reason = Reason::kProtocolVersion;
                           server->ReplyError(from, 0, {error});
                         });
  auto dealer = *Dealer::Connect(loop, context, "inproc://other-version");
  int refused = 0;
  for (int i = 0; i < 3; ++i) {
    dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(10'000),
                    [&](auto reply) {
                      EXPECT_EQ(reply.error().at(0).reason, Reason::kProtocolVersion);
                      ++refused;
                    });
  }
  EXPECT_TRUE(RunUntil(loop, [&] { return refused == 3; }));
}

TEST(Dealer, RefusesAnEndpointOfNoKnownForm) {
  zmq::context_t context;
  Loop loop;
  auto dealer = Dealer::Connect(loop, context, "carrier-pigeon://1");
  ASSERT_FALSE(dealer);
  EXPECT_EQ(dealer.error().reason, Reason::kEndpointRefused);
}

}  // namespace
}  // namespace entente::bus
