#include "bus/socket_io.h"

#include <fmt/format.h>

#include <cerrno>

namespace entente::bus {

void ApplyCommonOptions(zmq::socket_t& socket, std::string_view endpoint) {
  socket.set(zmq::sockopt::maxmsgsize, kFrameBytesCut);
  socket.set(zmq::sockopt::handshake_ivl, kHandshakeMs);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, kKeepaliveIdleS);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, kKeepaliveEveryS);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, kKeepaliveProbes);
  // Off by default, since it makes tcp://*:PORT listen on both families.
  socket.set(zmq::sockopt::ipv6, endpoint.find('[') != std::string_view::npos);
}

namespace {

// The C calls, since they tell what went wrong without exceptions: 0 or an errno.
int Take(zmq::socket_ref socket, zmq::message_t& frame) {
  while (zmq_msg_recv(frame.handle(), socket.handle(), ZMQ_DONTWAIT) < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

int Give(zmq::socket_ref socket, zmq::message_t frame, bool more) {
  const int flags = more ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT;
  while (zmq_msg_send(frame.handle(), socket.handle(), flags) < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

Sent ToSent(int fault) {
  if (fault == 0) return Sent::kYes;
  if (fault == EAGAIN) return Sent::kFull;
  return fault == EHOSTUNREACH ? Sent::kUnreachable : Sent::kFailed;
}

}  // namespace

std::optional<Received> Receive(zmq::socket_ref socket, bool with_identity) {
  Received received;
  zmq::message_t frame;
  if (Take(socket, frame) != 0) return std::nullopt;
  bool more = frame.more();
  // ZeroMQ delivers multipart messages whole, so what follows the first frame is there.
  if (with_identity) {
    received.identity = frame.to_string();
    if (!more || Take(socket, frame) != 0) return received;
    more = frame.more();
  }
  received.header = frame.to_string_view().substr(0, kHeaderBytes + 1);
  while (more) {
    zmq::message_t part;
    if (Take(socket, part) != 0) break;
    more = part.more();
    received.body_bytes += part.size();
    received.body_frames += 1;
    if (received.body_bytes > kMessageBytesMax || received.body_frames > kBodyFramesMax) {
      received.too_large = true;
      received.body.clear();
    } else {
      received.body.push_back(std::move(part));
    }
  }
  return received;
}

Sent Send(zmq::socket_ref socket, std::optional<std::string_view> prefix, Message& message) {
  message.header.body_frames = static_cast<std::uint16_t>(message.body.size());
  // Only the first frame can be refused: with it the whole message is accepted.
  if (prefix) {
    if (const int fault = Give(socket, MakeFrame(*prefix), true); fault != 0) return ToSent(fault);
  }
  const bool has_body = !message.body.empty();
  if (const int fault = Give(socket, MakeFrame(EncodeHeader(message.header)), has_body);
      fault != 0) {
    return ToSent(fault);
  }
  for (std::size_t i = 0; i < message.body.size(); ++i) {
    const bool more = i + 1 < message.body.size();
    if (Give(socket, std::move(message.body[i]), more) != 0) return Sent::kFailed;
  }
  return Sent::kYes;
}

Status CheckSize(const Message& message) {
  if (const std::size_t bytes = message.bytes(); bytes > kMessageBytesMax) {
    return Fail(Reason::kMessageTooLarge, "body", "",
                fmt::format("The message has {} bytes; the limit is {}.", bytes, kMessageBytesMax));
  }
  if (message.body.size() > kBodyFramesMax) {
    return Fail(Reason::kMessageTooLarge, "body", "",
                fmt::format("The message has {} body frames; the limit is {}.", message.body.size(),
                            kBodyFramesMax));
  }
  return {};
}

}  // namespace entente::bus
