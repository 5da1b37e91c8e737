#include "bus/socket_io.h"

#include <fmt/format.h>

#include <cerrno>

namespace entente::bus {

void ApplyCommonOptions(zmq::socket_t& socket, std::string_view endpoint) {
  socket.set(zmq::sockopt::maxmsgsize, kFrameBytesCut);
  socket.set(zmq::sockopt::handshake_ivl, kHandshakeMs);
  socket.set(zmq::sockopt::heartbeat_ivl, kHeartbeatMs);
  socket.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
  socket.set(zmq::sockopt::heartbeat_ttl, kHeartbeatTimeoutMs);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, 60);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, 10);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, 6);
  // Off by default, since it makes tcp://*:PORT listen on both families.
  socket.set(zmq::sockopt::ipv6, endpoint.find('[') != std::string_view::npos);
}

namespace {

// Calls until it is not a signal that ended the call.
template <class Call>
auto Uninterrupted(Call call) {
  while (true) {
    try {
      return call();
    } catch (const zmq::error_t& fault) {
      if (fault.num() != EINTR) throw;
    }
  }
}

bool Take(zmq::socket_ref socket, zmq::message_t& frame) {
  return Uninterrupted([&] { return socket.recv(frame, zmq::recv_flags::dontwait); }).has_value();
}

bool Give(zmq::socket_ref socket, zmq::message_t& frame, bool more) {
  using zmq::send_flags;
  const auto flags = more ? send_flags::dontwait | send_flags::sndmore : send_flags::dontwait;
  return Uninterrupted([&] { return socket.send(frame, flags); }).has_value();
}

}  // namespace

std::optional<Received> Receive(zmq::socket_ref socket, bool with_identity) {
  Received received;
  try {
    zmq::message_t frame;
    if (!Take(socket, frame)) return std::nullopt;
    bool more = frame.more();
    // ZeroMQ delivers multipart messages whole, so what follows the first frame is there.
    if (with_identity) {
      received.identity = frame.to_string();
      if (!more || !Take(socket, frame)) return received;
      more = frame.more();
    }
    received.header = frame.to_string_view().substr(0, kHeaderBytes + 1);
    while (more) {
      zmq::message_t part;
      if (!Take(socket, part)) break;
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
  } catch (const zmq::error_t&) {
    return std::nullopt;  // ETERM; a socket has no other way to fail here
  }
  return received;
}

Sent Send(zmq::socket_ref socket, std::optional<std::string_view> prefix, Message& message) {
  message.header.body_frames = static_cast<std::uint16_t>(message.body.size());
  try {
    // Only the first frame can be refused: with it the whole message is accepted.
    if (prefix) {
      zmq::message_t first = MakeFrame(*prefix);
      if (!Give(socket, first, true)) return Sent::kFull;
    }
    zmq::message_t header = MakeFrame(EncodeHeader(message.header));
    if (!Give(socket, header, !message.body.empty())) return Sent::kFull;
    for (std::size_t i = 0; i < message.body.size(); ++i) {
      if (!Give(socket, message.body[i], i + 1 < message.body.size())) return Sent::kFailed;
    }
    return Sent::kYes;
  } catch (const zmq::error_t& fault) {
    return fault.num() == EHOSTUNREACH ? Sent::kUnreachable : Sent::kFailed;
  }
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
