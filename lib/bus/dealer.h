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

// Connects whenever the peer comes up, in any order; over tcp and ipc it reconnects by itself, 50
// ms after a loss and then ever later, up to 2 s. What was sent before a peer died is not answered:
// its callback gets UNREACHABLE at the deadline. An inproc peer that closed and bound again is only
// found by Reconnect.
//
// Requests that wait for the peer stay in the socket (at most 10,000; beyond, OVERLOADED): one
// whose deadline has passed may still be carried out once the peer is back, unless Reconnect was
// called.
inline constexpr std::chrono::milliseconds kReplyGrace(500);

class Dealer {
 public:
  // Called with the reply, or with the errors of an `error` reply, or with UNREACHABLE. It may call
  // the dealer, and destroy it.
  using OnReply = std::function<void(tl::expected<Message, Errors>)>;

  // ENDPOINT_REFUSED when the endpoint has no known form. `loop` and `context` must outlive it.
  static Result<std::unique_ptr<Dealer>> Connect(Loop& loop, zmq::context_t& context,
                                                 const std::string& endpoint);
  ~Dealer();

  // Sends a request; `on_reply` is called exactly once, from the loop, unless the dealer is
  // destroyed or the request forgotten first. Returns the correlation id. The peer is told
  // `time_left`; UNREACHABLE comes `grace` after it has passed, since a peer that waits for
  // something answers at the very deadline. A time of 0 is none: only Reconnect ends the wait.
  std::uint64_t Request(MessageType::Value type, const google::protobuf::MessageLite& body,
                        std::chrono::milliseconds time_left, OnReply on_reply,
                        std::chrono::milliseconds grace = kReplyGrace);
  // Sends a request whose replies are many (a subscription): called for each until Forget, or until
  // it was called with errors, which are the last.
  std::uint64_t Stream(MessageType::Value type, const google::protobuf::MessageLite& body,
                       OnReply on_message);
  void Forget(std::uint64_t correlation);
  // Sends what is not answered. False: not sent, the queue is full.
  bool Tell(MessageType::Value type, const google::protobuf::MessageLite& body);
  // Drops the connection and what was not sent yet, and makes a new one; open requests get
  // UNREACHABLE, from the loop.
  void Reconnect();

 private:
  struct State;
  explicit Dealer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace entente::bus
