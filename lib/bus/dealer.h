// The client's side of the wire on a loop: one DEALER socket, requests by correlation id.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "bus/frame.h"
#include "bus/loop.h"
#include "values/error.h"

namespace entente::bus {

// Connects whenever the peer comes up, in any order; reconnects by itself. What was sent before a
// peer died is not answered: its callback gets UNREACHABLE at the deadline.
class Dealer {
 public:
  // Called with the reply, or with the errors of an `error` reply, or with UNREACHABLE.
  using OnReply = std::function<void(tl::expected<Message, Errors>)>;

  static Result<std::unique_ptr<Dealer>> Connect(Loop& loop, zmq::context_t& context,
                                                 const std::string& endpoint);
  ~Dealer();

  // Sends a request; `on_reply` is called exactly once, from the loop, unless the dealer is
  // destroyed first. Returns the correlation id.
  std::uint64_t Request(MessageType::Value type, const google::protobuf::MessageLite& body,
                        std::chrono::milliseconds time_left, OnReply on_reply);
  // Sends a request whose replies are many (a subscription): called for each until Forget.
  std::uint64_t Stream(MessageType::Value type, const google::protobuf::MessageLite& body,
                       OnReply on_message);
  void Forget(std::uint64_t correlation);
  // Sends what is not answered.
  void Tell(MessageType::Value type, const google::protobuf::MessageLite& body);
  // Drops the connection and makes a new one; open requests get UNREACHABLE.
  void Reconnect();

 private:
  struct State;
  explicit Dealer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace entente::bus
