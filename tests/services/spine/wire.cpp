#include "tests/services/spine/wire.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "entente/v1/log.pb.h"

namespace entente::spine {

Wire::Wire(zmq::context_t& context, const std::string& endpoint, int queue)
    : socket_(context, ZMQ_DEALER) {
  socket_.set(zmq::sockopt::linger, 0);
  if (queue > 0) socket_.set(zmq::sockopt::rcvhwm, queue);
  socket_.set(zmq::sockopt::rcvtimeo,
              static_cast<int>(std::chrono::milliseconds(kPatience).count()));
  socket_.connect(endpoint);
}

std::uint64_t Wire::Send(bus::MessageType::Value type, const google::protobuf::MessageLite& body,
                         std::chrono::milliseconds time_left) {
  return SendFrames({.type = type, .time_left_ms = static_cast<std::uint32_t>(time_left.count())},
                    body.SerializeAsString());
}

std::uint64_t Wire::SendBytes(bus::MessageType::Value type, std::string_view body) {
  return SendFrames({.type = type}, body);
}

std::uint64_t Wire::SendFrames(bus::Header header, std::string_view body) {
  header.correlation = ++correlation_;
  header.body_frames = 1;
  socket_.send(zmq::buffer(bus::EncodeHeader(header)), zmq::send_flags::sndmore);
  socket_.send(zmq::buffer(body), zmq::send_flags::none);
  return header.correlation;
}

Wire::Reply Wire::Receive() {
  zmq::message_t header;
  if (!socket_.recv(header)) {
    return tl::unexpected<Errors>(
        Errors{Fail(Reason::kUnreachable, "", "", "nothing came").value()});
  }
  bus::Message message;
  message.header = *bus::DecodeHeader(header.to_string_view());
  while (socket_.get(zmq::sockopt::rcvmore)) {
    (void)socket_.recv(message.body.emplace_back());
  }
  if (message.header.type == bus::MessageType::error) {
    return tl::unexpected<Errors>(bus::ErrorsOf(message));
  }
  return message;
}

bool Wire::HasMore() { return (socket_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0; }

void SendNoise(Spine& spine, const std::string& endpoint) {
  std::mt19937 random(2021);
  const auto bytes = [&random](std::size_t most) {
    std::string text(random() % (most + 1), '\0');
    for (char& one : text) one = static_cast<char>(random());
    return text;
  };
  zmq::socket_t shouting(spine.context(), ZMQ_DEALER);
  shouting.set(zmq::sockopt::linger, 0);
  shouting.connect(endpoint);
  for (int i = 0; i < 500; ++i) {
    for (auto more = random() % 4; more > 0; --more) {
      shouting.send(zmq::buffer(bytes(60)), zmq::send_flags::sndmore);
    }
    shouting.send(zmq::buffer(bytes(60)), zmq::send_flags::none);
  }
  Wire wire(spine, endpoint);
  for (int type = 0; type < 80; ++type) {
    for (int i = 0; i < 10; ++i) {
      wire.SendBytes(static_cast<bus::MessageType::Value>(type), bytes(40));
    }
  }
  // In the order sent, so that its answer is the last of what is answered at once.
  const std::uint64_t last = wire.Send(bus::MessageType::status_request, v1::StatusRequest());
  bool taken = false;
  while (!taken) {
    const auto reply = wire.Receive();
    if (!reply && reply.error().front().reason == Reason::kUnreachable) break;
    taken = reply && reply->header.correlation == last;
  }
  EXPECT_TRUE(taken) << endpoint << " no longer answers";
}

}  // namespace entente::spine
