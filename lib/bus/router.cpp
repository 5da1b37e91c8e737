#include "bus/router.h"

#include <fmt/format.h>

#include <deque>
#include <utility>

#include "bus/endpoint.h"
#include "bus/socket_io.h"

namespace entente::bus {
namespace {

constexpr int kQueueMessagesMax = 256;  // a peer, each way
constexpr std::size_t kDeferredBytesMax = 64U << 20;
constexpr std::chrono::milliseconds kRetryDeferred(10);
// How long a closing router waits until what it has sent is on its way.
constexpr int kLingerMs = 500;
// Messages taken before timers and other sockets have their turn.
constexpr int kMessagesPerTurn = 64;

struct Deferred {
  Caller to;
  Message message;
};

}  // namespace

struct Router::State {
  State(Loop& loop_in, zmq::context_t& context) : loop(loop_in), socket(context, ZMQ_ROUTER) {}
  ~State() {
    if (retry) loop.Cancel(*retry);
    loop.Remove(socket);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Loop& loop;
  zmq::socket_t socket;
  std::string endpoint;
  std::string service;
  Handler handler;
  RouterCounts counts;
  // Replies that slow peers have no room for, in the order they were made.
  std::deque<Deferred> deferred;
  std::size_t deferred_bytes = 0;
  std::optional<Loop::TimerId> retry;

  void OnReadable(Router& router) {
    for (int i = 0; i < kMessagesPerTurn; ++i) {
      auto received = Receive(socket, /*with_identity=*/true);
      if (!received) return;
      Take(router, std::move(*received));
    }
  }

  void Take(Router& router, Received received) {
    const Caller caller{std::move(received.identity)};
    auto header = CheckReceived(received);
    if (!header) {
      ++counts.malformed;
      router.ReplyError(caller, CorrelationOf(received.header), {std::move(header.error())});
      return;
    }
    ++counts.received;
    handler(caller, Message{*header, std::move(received.body)});
  }

  static Result<Header> CheckReceived(const Received& received) {
    auto header = DecodeHeader(received.header);
    if (!header) return header;
    if (received.too_large) {
      return Fail(
          Reason::kMessageTooLarge, "body", "",
          fmt::format("The message has {} bytes in {} frames; the limits are {} and {}.",
                      received.body_bytes, received.body_frames, kMessageBytesMax, kBodyFramesMax));
    }
    if (header->body_frames != received.body_frames) {
      return Fail(Reason::kProtocolFrame, "header.frames", std::to_string(header->body_frames),
                  fmt::format("The header announces {} body frames; {} came.", header->body_frames,
                              received.body_frames));
    }
    return header;
  }

  Sent SendTo(const Caller& to, Message& message) {
    const Sent sent = bus::Send(socket, to.identity, message);
    loop.Touch(socket);
    return sent;
  }

  void Defer(const Caller& to, Message message) {
    if (deferred_bytes + message.bytes() > kDeferredBytesMax) {
      ++counts.lost;
      return;
    }
    ++counts.deferred;
    deferred_bytes += message.bytes();
    deferred.push_back({to, std::move(message)});
    if (!retry) retry = loop.Every(kRetryDeferred, [this] { RetryDeferred(); });
  }

  void RetryDeferred() {
    std::deque<Deferred> waiting = std::exchange(deferred, {});
    deferred_bytes = 0;
    for (Deferred& one : waiting) {
      const Sent sent = SendTo(one.to, one.message);
      if (sent == Sent::kFull) {
        deferred_bytes += one.message.bytes();
        deferred.push_back(std::move(one));
      } else if (sent != Sent::kYes) {
        ++counts.lost;
      }
    }
    if (deferred.empty()) {
      loop.Cancel(*retry);
      retry.reset();
    }
  }
};

Router::Router(std::unique_ptr<State> state) : state_(std::move(state)) {}
Router::~Router() = default;

Result<std::unique_ptr<Router>> Router::Bind(Loop& loop, zmq::context_t& context,
                                             const RouterOptions& options, Handler handler) {
  auto listed = SplitEndpoints(options.endpoint);
  if (!listed) return Fail(std::move(listed.error()));
  std::string endpoint = options.endpoint;
  try {
    auto state = std::make_unique<State>(loop, context);
    state->handler = std::move(handler);
    state->service = options.service;
    ApplyCommonOptions(state->socket, options.endpoint);
    state->socket.set(zmq::sockopt::router_mandatory, true);
    state->socket.set(zmq::sockopt::sndhwm, kQueueMessagesMax);
    state->socket.set(zmq::sockopt::rcvhwm, kQueueMessagesMax);
    state->socket.set(zmq::sockopt::linger, kLingerMs);
    for (const std::string& one : *listed) {
      endpoint = one;
      auto to_bind = EndpointToBind(one, options.allow_plaintext);
      if (!to_bind) return Fail(std::move(to_bind.error()));
      state->socket.bind(*to_bind);
      if (!state->endpoint.empty()) state->endpoint += ",";
      state->endpoint += state->socket.get(zmq::sockopt::last_endpoint);
    }
    auto router = std::unique_ptr<Router>(new Router(std::move(state)));
    loop.Add(router->state_->socket, [raw = router.get()] { raw->state_->OnReadable(*raw); });
    return router;
  } catch (const zmq::error_t& fault) {
    return Fail(Reason::kEndpointRefused, "endpoint", endpoint,
                fmt::format("{} cannot be bound: {}.", endpoint, fault.what()));
  }
}

Status Router::Send(const Caller& to, Message message) {
  if (Status fits = CheckSize(message); !fits) return fits;
  switch (state_->SendTo(to, message)) {
    case Sent::kYes:
      return {};
    case Sent::kFull:
      return Fail(Reason::kOverloaded, "", "", "The peer does not take what it is sent.");
    case Sent::kUnreachable:
    case Sent::kFailed:
      break;
  }
  return Fail(Reason::kUnreachable, "", "", "The peer is gone.");
}

void Router::Reply(const Caller& to, Message message) {
  if (Status fits = CheckSize(message); !fits) {
    message = MakeError(message.header.correlation, {std::move(fits.error())});
  }
  const Sent sent = state_->SendTo(to, message);
  if (sent == Sent::kFull) {
    state_->Defer(to, std::move(message));
  } else if (sent != Sent::kYes) {
    ++state_->counts.lost;
  }
}

void Router::Reply(const Caller& to, MessageType::Value type, std::uint64_t correlation,
                   const google::protobuf::MessageLite& body) {
  Reply(to, MakeMessage(type, correlation, body));
}

void Router::ReplyError(const Caller& to, std::uint64_t correlation, const Errors& errors) {
  Reply(to, MakeError(correlation, errors));
}

void Router::ReplyUnknownType(const Caller& to, const Header& header) {
  Error error;
  error.reason = Reason::kMessageType;
  error.field = "header.type";
  error.value = std::to_string(static_cast<int>(header.type));
  error.message = fmt::format("{} does not answer messages of type {}.",
                              state_->service.empty() ? "This service" : state_->service,
                              static_cast<int>(header.type));
  ReplyError(to, header.correlation, {std::move(error)});
}

const RouterCounts& Router::counts() const { return state_->counts; }

const std::string& Router::endpoint() const { return state_->endpoint; }

}  // namespace entente::bus
