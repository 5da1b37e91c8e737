// What strangers send: whatever it is, the service goes on, and what can be answered is answered
// with an error of the catalogue.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

#include "bus/dealer.h"
#include "bus/router.h"
#include "entente/v1/log.pb.h"
#include "run_until.h"

namespace entente::bus {
namespace {

using std::chrono::milliseconds;

class Garbage : public testing::Test {
 protected:
  void SetUp() override {
    router = *Router::Bind(loop, context, {"tcp://127.0.0.1:*", false, "test"},
                           [this](const Caller& caller, const Message& message) {
                             router->Reply(caller, MessageType::status_reply,
                                           message.header.correlation, v1::StatusReply());
                           });
    stranger = zmq::socket_t(context, ZMQ_DEALER);
    stranger.set(zmq::sockopt::linger, 0);
    stranger.connect(router->endpoint());
  }

  void SendParts(const std::vector<std::string>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      stranger.send(zmq::buffer(parts[i]),
                    i + 1 < parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }

  // The next message that comes back to the stranger.
  Message Answer() {
    Message message;
    EXPECT_TRUE(RunUntil(loop, [&] {
      zmq::message_t frame;
      if (!stranger.recv(frame, zmq::recv_flags::dontwait)) return false;
      const auto header = DecodeHeader(frame.to_string_view());
      EXPECT_TRUE(header);
      message.header = *header;
      bool more = frame.more();
      while (more) {
        (void)stranger.recv(message.body.emplace_back(), zmq::recv_flags::none);
        more = message.body.back().more();
      }
      return true;
    }));
    return message;
  }

  void ExpectStillServing() {
    auto dealer = *Dealer::Connect(loop, context, router->endpoint());
    bool answered = false;
    dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(10'000),
                    [&](const auto& reply) { answered = reply.has_value(); });
    EXPECT_TRUE(RunUntil(loop, [&] { return answered; }));
  }

  // A raw connection to the router's port.
  int ConnectRaw() {
    const std::string& endpoint = router->endpoint();
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_GE(fd, 0);
    if (fd < 0) return fd;
    EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }

  zmq::context_t context;
  Loop loop;
  std::unique_ptr<Router> router;
  zmq::socket_t stranger;
};

TEST_F(Garbage, MalformedMessagesAreAnsweredByName) {
  const std::string good = EncodeHeader({MessageType::status_request, 0, 42, 0, 1});
  const auto with = [&](std::size_t byte, char value) {
    std::string bytes = good;
    bytes[byte] = value;
    return bytes;
  };
  struct Case {
    std::vector<std::string> parts;
    Reason reason;
    std::string field;
    std::uint64_t correlation;
  };
  const Case cases[] = {
      {{""}, Reason::kProtocolMagic, "header", 0},
      {{"", good, ""}, Reason::kProtocolMagic, "header", 0},  // as a REQ socket would send it
      {{"GET / HTTP/1.1"}, Reason::kProtocolMagic, "header", 0},
      {{with(3, '2'), ""}, Reason::kProtocolVersion, "header", 0},
      {{good.substr(0, 23), ""}, Reason::kProtocolFrame, "header", 0},
      {{good + "x", ""}, Reason::kProtocolFrame, "header", 42},
      {{good + std::string(100'000, 'x')}, Reason::kProtocolFrame, "header", 42},
      {{with(6, 1), ""}, Reason::kProtocolFrame, "header.flags", 42},
      {{with(23, 1), ""}, Reason::kProtocolFrame, "header.reserved", 42},
      {{good}, Reason::kProtocolFrame, "header.frames", 42},
      {{good, "", ""}, Reason::kProtocolFrame, "header.frames", 42},
      {{good, std::string(kMessageBytesMax + 1, 'x')}, Reason::kMessageTooLarge, "body", 42},
      {{good, std::string(kMessageBytesMax, 'x'), "y"}, Reason::kMessageTooLarge, "body", 42},
  };
  for (const Case& c : cases) {
    SendParts(c.parts);
    const Message answer = Answer();
    const std::string shown = c.parts[0].substr(0, 40);
    ASSERT_EQ(answer.header.type, MessageType::error) << shown;
    EXPECT_EQ(answer.header.correlation, c.correlation) << shown;
    const Errors errors = ErrorsOf(answer);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].reason, c.reason) << errors[0].ToString();
    EXPECT_EQ(errors[0].field, c.field) << errors[0].ToString();
  }
  EXPECT_EQ(router->counts().malformed, std::size(cases));
  EXPECT_EQ(router->counts().received, 0U);
  SendParts({good, ""});
  EXPECT_EQ(Answer().header.type, MessageType::status_reply);
}

TEST_F(Garbage, RandomMultipartMessages) {
  std::mt19937 random(20'210'505);
  std::string good = EncodeHeader({MessageType::status_request, 0, 1, 0, 1});
  std::uint64_t answers = 0;
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> parts(1 + random() % 5);
    for (std::string& part : parts) {
      part.resize(random() % 40);
      for (char& c : part) c = static_cast<char>(random());
    }
    if (random() % 2 == 0) {  // a header of ours with some bytes thrown
      parts[0] = good;
      for (int i = 0; i < 3; ++i) parts[0][random() % good.size()] = static_cast<char>(random());
    }
    SendParts(parts);
  }
  EXPECT_TRUE(RunUntil(loop, [&] {
    zmq::message_t frame;
    while (stranger.recv(frame, zmq::recv_flags::dontwait)) answers += frame.more() ? 0 : 1;
    return answers == 500;
  })) << answers;
  ExpectStillServing();
}

TEST_F(Garbage, RawBytesInsteadOfTheTransport) {
  std::mt19937 random(20'210'505);
  const std::string greeting("\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL", 16);
  for (int round = 0; round < 50; ++round) {
    const int fd = ConnectRaw();
    std::string bytes(random() % 4'096, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (round % 3 == 0) bytes.insert(0, greeting);  // begins well
    if (round % 3 == 1) bytes = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    // The router may cut the connection at any byte.
    (void)send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (round % 2 == 0)
      close(fd);
    else
      shutdown(fd, SHUT_WR), close(fd);
  }
  ExpectStillServing();
}

TEST_F(Garbage, AFrameBeyondTheCutEndsThatConnectionOnly) {
  SendParts({EncodeHeader({MessageType::status_request, 0, 1, 0, 1}),
             std::string(2 * kMessageBytesMax + 1, 'x')});
  ExpectStillServing();
  EXPECT_EQ(router->counts().malformed, 0U);
}

TEST_F(Garbage, PeersThatVanishWithRequestsOpen) {
  for (int i = 0; i < 50; ++i) {
    zmq::socket_t brief(context, ZMQ_DEALER);
    brief.set(zmq::sockopt::linger, 0);
    brief.connect(router->endpoint());
    brief.send(zmq::buffer(EncodeHeader({MessageType::status_request, 0, 1, 0, 1})),
               zmq::send_flags::sndmore);
    brief.send(zmq::message_t(), zmq::send_flags::none);
  }
  ExpectStillServing();
}

}  // namespace
}  // namespace entente::bus
