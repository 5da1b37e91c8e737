#include "bus/frame.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <numeric>

#include "bus/error_reply.h"
#include "values/byte_order.h"

namespace entente::bus {
namespace {

constexpr std::string_view kMagic = "ENT1";
constexpr std::string_view kProtocol = kMagic.substr(0, 3);

// Offsets of the fields in the header.
constexpr std::size_t kType = 4;
constexpr std::size_t kFlags = 6;
constexpr std::size_t kCorrelation = 8;
constexpr std::size_t kTimeLeft = 16;
constexpr std::size_t kFrames = 20;
constexpr std::size_t kReserved = 22;
static_assert(kReserved + sizeof(std::uint16_t) == kHeaderBytes);

template <class Int>
void Put(std::string& bytes, std::size_t offset, Int value) {
  PutLittle(bytes.data() + offset, value);
}

template <class Int>
Int Get(std::string_view bytes, std::size_t offset) {
  return GetLittle<Int>(bytes.data() + offset);
}

}  // namespace

std::string EncodeHeader(const Header& header) {
  std::string bytes(kHeaderBytes, '\0');
  bytes.replace(0, kMagic.size(), kMagic);
  Put(bytes, kType, static_cast<std::uint16_t>(header.type));
  Put(bytes, kFlags, header.flags);
  Put(bytes, kCorrelation, header.correlation);
  Put(bytes, kTimeLeft, header.time_left_ms);
  Put(bytes, kFrames, header.body_frames);
  return bytes;
}

Result<Header> DecodeHeader(std::string_view bytes) {
  if (bytes.substr(0, kProtocol.size()) != kProtocol || bytes.size() < kMagic.size()) {
    return Fail(
        Reason::kProtocolMagic, "header", std::string(bytes.substr(0, kMagic.size())),
        fmt::format("The first frame ({} bytes) does not begin with {}.", bytes.size(), kMagic));
  }
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    return Fail(Reason::kProtocolVersion, "header", std::string(bytes.substr(0, kMagic.size())),
                fmt::format("This side speaks {}.", kMagic));
  }
  if (bytes.size() != kHeaderBytes) {
    return Fail(
        Reason::kProtocolFrame, "header", std::to_string(bytes.size()),
        fmt::format("The header has {} bytes, and must have {}.", bytes.size(), kHeaderBytes));
  }
  if (const auto reserved = Get<std::uint16_t>(bytes, kReserved); reserved != 0) {
    return Fail(Reason::kProtocolFrame, "header.reserved", fmt::format("{:#06x}", reserved),
                "Bytes 22 and 23 of the header must be zero.");
  }
  Header header;
  header.flags = Get<std::uint16_t>(bytes, kFlags);
  if ((header.flags & kFlagsThatMustBeKnown) != 0) {
    return Fail(Reason::kProtocolFrame, "header.flags", fmt::format("{:#06x}", header.flags),
                "A flag of the low byte is set that this version does not know.");
  }
  header.type = static_cast<MessageType::Value>(Get<std::uint16_t>(bytes, kType));
  header.correlation = Get<std::uint64_t>(bytes, kCorrelation);
  header.time_left_ms = Get<std::uint32_t>(bytes, kTimeLeft);
  header.body_frames = Get<std::uint16_t>(bytes, kFrames);
  return header;
}

std::uint64_t CorrelationOf(std::string_view bytes) {
  const bool readable = bytes.size() >= kHeaderBytes && bytes.substr(0, kMagic.size()) == kMagic;
  return readable ? Get<std::uint64_t>(bytes, kCorrelation) : 0;
}

std::string_view Message::frame(std::size_t i) const {
  return i < body.size() ? body[i].to_string_view() : std::string_view();
}

std::size_t Message::bytes() const {
  return std::accumulate(body.begin(), body.end(), std::size_t{0},
                         [](std::size_t sum, const auto& frame) { return sum + frame.size(); });
}

zmq::message_t MakeFrame(std::string_view bytes) {
  return zmq::message_t(bytes.data(), bytes.size());
}

Message MakeMessage(MessageType::Value type, std::uint64_t correlation,
                    const google::protobuf::MessageLite& body) {
  Message message;
  message.header.type = type;
  message.header.correlation = correlation;
  zmq::message_t frame(body.ByteSizeLong());
  body.SerializeWithCachedSizesToArray(static_cast<std::uint8_t*>(frame.data()));
  message.body.push_back(std::move(frame));
  message.header.body_frames = 1;
  return message;
}

Message MakeError(std::uint64_t correlation, const Errors& errors) {
  return MakeMessage(MessageType::error, correlation, ToErrorReply(errors));
}

Errors ErrorsOf(const Message& message) {
  v1::ErrorReply reply;
  if (message.header.type != MessageType::error || !ParseBody(message, &reply)) reply.Clear();
  return FromErrorReply(reply);
}

Status ParseBody(const Message& message, google::protobuf::MessageLite* body) {
  if (message.body.empty()) {
    return Fail(Reason::kMessageMalformed, "body", "",
                fmt::format("There is no body frame, and {} is expected.", body->GetTypeName()));
  }
  const std::string_view bytes = message.frame(0);
  if (!body->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fail(Reason::kMessageMalformed, "body", "",
                fmt::format("The first body frame ({} bytes) is no {}.", bytes.size(),
                            body->GetTypeName()));
  }
  return {};
}

}  // namespace entente::bus
