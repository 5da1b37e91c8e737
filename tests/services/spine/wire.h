// A client of the bare wire, for what the client library would not send.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "bus/frame.h"
#include "tests/services/spine/spine.h"
#include "values/error.h"

namespace entente::spine {

class Wire {
 public:
  using Reply = tl::expected<bus::Message, Errors>;

  // `queue`: messages that may wait in this process; 0: ZeroMQ's 1,000.
  Wire(Spine& spine, const std::string& endpoint, int queue = 0)
      : Wire(spine.context(), endpoint, queue) {}
  Wire(zmq::context_t& context, const std::string& endpoint, int queue = 0);

  // Returns the correlation id.
  std::uint64_t Send(bus::MessageType::Value type, const google::protobuf::MessageLite& body,
                     std::chrono::milliseconds time_left = kPatience);
  std::uint64_t SendBytes(bus::MessageType::Value type, std::string_view body);
  // The next message, whatever it answers; UNREACHABLE after kPatience.
  Reply Receive();
  // Whether one has come already.
  bool HasMore();

  template <class Body>
  tl::expected<Body, Errors> Ask(bus::MessageType::Value type,
                                 const google::protobuf::MessageLite& request,
                                 std::chrono::milliseconds time_left = kPatience) {
    Send(type, request, time_left);
    const Reply reply = Receive();
    if (!reply) return tl::unexpected<Errors>(reply.error());
    Body body;
    if (Status parsed = bus::ParseBody(*reply, &body); !parsed) {
      return tl::unexpected<Errors>(Errors{parsed.error()});
    }
    return body;
  }

 private:
  std::uint64_t SendFrames(bus::Header header, std::string_view body);

  zmq::socket_t socket_;
  std::uint64_t correlation_ = 0;
};

// Messages of random frames, and random bodies under every type there is and some there are not.
// The same for every run. Returns when the service has taken them all.
void SendNoise(Spine& spine, const std::string& endpoint);

}  // namespace entente::spine
