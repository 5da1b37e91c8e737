// Whole messages in and out of one ZeroMQ socket, without exceptions, and the options that all of
// our sockets share. Of this folder's own use.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "bus/frame.h"
#include "values/error.h"

namespace entente::bus {

// Options of every socket. That the machine at the other end of an idle connection is gone, TCP
// keepalive finds out, some 30 s after it last said anything; leases and deadlines do not wait for
// that. (Not TCP_USER_TIMEOUT, which would give up who does not read.) ZMTP's own heartbeats are
// not used: they give up a connection whose queue is full, since nobody reads the answers in it,
// which a slow reader must not be; and in a client that reads again after that libzmq ends the
// process (https://github.com/zeromq/libzmq/issues/3937).
inline constexpr int kKeepaliveIdleS = 15;
inline constexpr int kKeepaliveEveryS = 5;
inline constexpr int kKeepaliveProbes = 3;
inline constexpr int kHandshakeMs = 10'000;  // a connection that says nothing sensible is cut
// ZeroMQ cuts a connection that announces a larger frame. Above kMessageBytesMax, so that what is
// moderately too large can be answered with an error.
inline constexpr std::int64_t kFrameBytesCut = 2 * static_cast<std::int64_t>(kMessageBytesMax);

// May throw zmq::error_t, as sockets and contexts do.
void ApplyCommonOptions(zmq::socket_t& socket, std::string_view endpoint);

// One multipart message as it came.
struct Received {
  std::string identity;              // first frame, when asked for
  std::string header;                // bytes of the next one, at most kHeaderBytes + 1 of them
  std::vector<zmq::message_t> body;  // empty when too_large
  std::size_t body_bytes = 0;
  std::size_t body_frames = 0;
  bool too_large = false;  // more bytes or frames than a message may have: taken, and let go
};

// Takes one message, if there is one. nullopt: nothing there, or the context is going down.
std::optional<Received> Receive(zmq::socket_ref socket, bool with_identity);

enum class Sent {
  kYes,
  kFull,         // the peer's queue is at its high-water mark: nothing was sent
  kUnreachable,  // no such peer: nothing was sent
  kFailed,       // the context is going down
};

// Sends [prefix] [header] [body…] or nothing; never blocks. Body frames are moved out only when
// they were sent.
Sent Send(zmq::socket_ref socket, std::optional<std::string_view> prefix, Message& message);

// MESSAGE_TOO_LARGE where the message is not one a peer would take.
Status CheckSize(const Message& message);

}  // namespace entente::bus
