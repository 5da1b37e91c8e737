// The server's side of the wire: one ROUTER socket on a loop.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "bus/frame.h"
#include "bus/loop.h"
#include "values/error.h"

namespace entente::bus {

// Who sent a message. Every handler knows its caller; users and roles will stand here.
struct Caller {
  std::string identity;  // the connection's routing id, as ZeroMQ gave it
  friend auto operator<=>(const Caller&, const Caller&) = default;
};

struct RouterOptions {
  std::string endpoint;  // tcp://127.0.0.1:* takes a free port; several, separated by commas
  bool allow_plaintext = false;  // beyond loopback and ipc
  std::string service;           // named in errors
};

// What a router met, for status and metrics.
struct RouterCounts {
  std::uint64_t received = 0;   // well-formed messages given to the handler
  std::uint64_t malformed = 0;  // answered with an error by the router itself
  std::uint64_t deferred = 0;   // replies that had to wait for a slow reader
  std::uint64_t lost = 0;       // replies let go: the peer is gone, or left too much unread
};

// Receives whole messages, answers what is malformed with an error of the catalogue and goes on,
// and sends without ever blocking or dropping silently: the socket is ROUTER_MANDATORY, and a
// reader that takes nothing is told to the caller of Send as OVERLOADED ("no credit").
//
//     peer -> [256 messages] -> handler -> Send/Reply -> [256 messages a peer] -> peer
//              then TCP holds                              then Send says OVERLOADED, and Reply
//              the peer back                               keeps up to 64 MiB for all slow peers
//
// Bodies are not parsed here. A handler answers a type it does not know with ReplyUnknownType.
class Router {
 public:
  using Handler = std::function<void(const Caller&, Message)>;

  // Binds all endpoints or none. ENDPOINT_REFUSED. `loop` and `context` must outlive the router.
  static Result<std::unique_ptr<Router>> Bind(Loop& loop, zmq::context_t& context,
                                              const RouterOptions& options, Handler handler);
  ~Router();

  // UNREACHABLE when the peer is gone, OVERLOADED when its queue is full, MESSAGE_TOO_LARGE; then
  // nothing was sent.
  Status Send(const Caller& to, Message message);
  // Sends a reply, at once or as soon as a slow peer takes it; one that is too large becomes the
  // error that says so. A peer that is gone is not the server's fault, so nothing is returned.
  void Reply(const Caller& to, Message message);
  void Reply(const Caller& to, MessageType::Value type, std::uint64_t correlation,
             const google::protobuf::MessageLite& body);
  void ReplyError(const Caller& to, std::uint64_t correlation, const Errors& errors);
  // MESSAGE_TYPE: the service does not answer this.
  void ReplyUnknownType(const Caller& to, const Header& header);

  const RouterCounts& counts() const;
  // What was bound, with ports filled in; comma-separated.
  const std::string& endpoint() const;

 private:
  struct State;
  explicit Router(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace entente::bus
