// The wire's framing: [identity] [header] [body…]. docs/protocol.md has the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "entente/v1/wire.pb.h"
#include "values/error.h"

namespace entente::bus {

using MessageType = v1::MessageType;

// The 24 bytes in front of every message, little-endian:
//
//      0        4     6      8            16           20      22      24
//     | "ENT1" | type | flags | correlation | time left | frames | zero  |
//     |  u32   | u16  |  u16  |     u64     |  u32 ms   |  u16   |  u16  |
//
// "ENT" names the protocol and "1" its version. Of the flags, a receiver refuses a set bit of the
// low byte that it does not know, and ignores the high byte; no bit has a meaning yet.
struct Header {
  MessageType::Value type = MessageType::unspecified;  // may be a number this version does not know
  std::uint16_t flags = 0;
  std::uint64_t correlation = 0;
  std::uint32_t time_left_ms = 0;  // relative, since clocks differ; 0: no deadline
  std::uint16_t body_frames = 0;
};

inline constexpr std::size_t kHeaderBytes = 24;
inline constexpr std::size_t kMessageBytesMax = 16U << 20;  // all body frames together
inline constexpr std::size_t kBodyFramesMax = 65'535;
inline constexpr std::uint16_t kFlagsThatMustBeKnown = 0x00ff;

std::string EncodeHeader(const Header& header);
// PROTOCOL_MAGIC, PROTOCOL_VERSION, PROTOCOL_FRAME. Any bytes may be given.
Result<Header> DecodeHeader(std::string_view bytes);
// The correlation id of a header that DecodeHeader refused, so that the refusal can name it; 0
// where there is none to be read.
std::uint64_t CorrelationOf(std::string_view bytes);

// A message without its identity. Moves, never copies; header.body_frames is filled in when it is
// sent.
struct Message {
  Header header;
  std::vector<zmq::message_t> body;
  // Body frame i as bytes; empty if there is none.
  std::string_view frame(std::size_t i) const;
  // Of all body frames.
  std::size_t bytes() const;
};

// A body frame with these bytes.
zmq::message_t MakeFrame(std::string_view bytes);

// A message of one protobuf body frame.
Message MakeMessage(MessageType::Value type, std::uint64_t correlation,
                    const google::protobuf::MessageLite& body);
// An `error` message (error_reply.h says what is cut).
Message MakeError(std::uint64_t correlation, const Errors& errors);
// Errors of an `error` message, as values again; never empty.
Errors ErrorsOf(const Message& message);

// Parses body frame 0. MESSAGE_MALFORMED.
Status ParseBody(const Message& message, google::protobuf::MessageLite* body);

}  // namespace entente::bus
