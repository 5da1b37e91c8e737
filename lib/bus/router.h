// The server's side of the wire: one ROUTER socket on a loop.
#pragma once

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
};

struct RouterOptions {
  std::string endpoint;  // tcp://127.0.0.1:* takes a free port; several, separated by commas
  bool allow_plaintext = false;  // beyond loopback and ipc
  std::string service;           // for logs
};

// Receives whole messages, answers what is malformed with an error of the catalogue and goes on,
// and sends without ever blocking or dropping silently: the socket is ROUTER_MANDATORY, and a
// reader that takes nothing is told to the caller of Send as OVERLOADED ("no credit").
class Router {
 public:
  using Handler = std::function<void(const Caller&, Message)>;

  // Binds. ENDPOINT_REFUSED. `loop` and `context` must outlive the router.
  static Result<std::unique_ptr<Router>> Bind(Loop& loop, zmq::context_t& context,
                                              const RouterOptions& options, Handler handler);
  ~Router();

  // UNREACHABLE when the peer is gone, OVERLOADED when its queue is full; then nothing was sent.
  Status Send(const Caller& to, Message message);
  // Replies in one call; a peer that is gone is not the server's fault, so nothing is returned.
  void Reply(const Caller& to, MessageType::Value type, std::uint64_t correlation,
             const google::protobuf::MessageLite& body);
  void ReplyError(const Caller& to, std::uint64_t correlation, const Errors& errors);

  // What was bound, with ports filled in; comma-separated.
  const std::string& endpoint() const;

 private:
  struct State;
  explicit Router(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace entente::bus
