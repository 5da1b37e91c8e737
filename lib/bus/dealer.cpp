#include "bus/dealer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "bus/endpoint.h"
#include "bus/socket_io.h"

namespace entente::bus {
namespace {

using std::chrono::milliseconds;

constexpr int kQueueMessagesMax = 10'000;
// Replies are bounded by the requests open and the credit granted, which may be 10,000 each.
constexpr int kReceiveMessagesMax = 20'000;
constexpr int kReconnectMs = 50;
constexpr int kReconnectMaxMs = 2'000;
// A last credit or unsubscribe gets this long to leave when the dealer is destroyed.
constexpr int kLingerMs = 200;
constexpr int kMessagesPerTurn = 64;

struct Open {
  Dealer::OnReply on_reply;
  std::optional<Loop::TimerId> deadline;
  MessageType::Value reply = MessageType::unspecified;  // the type that answers it
  bool many = false;
};

// A reply's number is that of its request plus one, but where one reply answers two requests;
// docs/protocol.md, section 6.
MessageType::Value ReplyTo(MessageType::Value request) {
  if (request == MessageType::change_generations_request) return MessageType::generations_reply;
  return static_cast<MessageType::Value>(request + 1);
}

tl::unexpected<Errors> OneError(Reason reason, std::string message) {
  Error error;
  error.reason = reason;
  error.message = std::move(message);
  return tl::unexpected<Errors>(Errors{std::move(error)});
}

}  // namespace

struct Dealer::State : std::enable_shared_from_this<Dealer::State> {
  State(Loop& loop_in, zmq::context_t& context_in, std::string endpoint_in)
      : loop(loop_in), context(context_in), endpoint(std::move(endpoint_in)) {}
  ~State() { Close(kLingerMs); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Loop& loop;
  zmq::context_t& context;
  const std::string endpoint;
  zmq::socket_t socket;
  std::uint64_t last_correlation = 0;
  std::map<std::uint64_t, Open> open;
  bool destroyed = false;

  Status ConnectSocket() {
    try {
      socket = zmq::socket_t(context, ZMQ_DEALER);
      ApplyCommonOptions(socket, endpoint);
      socket.set(zmq::sockopt::sndhwm, kQueueMessagesMax);
      socket.set(zmq::sockopt::rcvhwm, kReceiveMessagesMax);
      socket.set(zmq::sockopt::reconnect_ivl, kReconnectMs);
      socket.set(zmq::sockopt::reconnect_ivl_max, kReconnectMaxMs);
      socket.set(zmq::sockopt::linger, kLingerMs);
      socket.connect(endpoint);
      loop.Add(socket, [this] { OnReadable(); });
      return {};
    } catch (const zmq::error_t& fault) {
      return Fail(Reason::kEndpointRefused, "endpoint", endpoint,
                  fmt::format("{} cannot be connected to: {}.", endpoint, fault.what()));
    }
  }

  void Close(int linger_ms) {
    for (auto& [correlation, request] : open) {
      if (request.deadline) loop.Cancel(*request.deadline);
    }
    if (!socket) return;
    loop.Remove(socket);
    // Fails only when the context is going down, and then closing is all that is left to do.
    (void)zmq_setsockopt(socket.handle(), ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    socket.close();
  }

  void OnReadable() {
    const auto self = shared_from_this();  // a callback may destroy the dealer
    for (int i = 0; i < kMessagesPerTurn && !destroyed; ++i) {
      auto received = Receive(socket, /*with_identity=*/false);
      if (!received) return;
      const auto header = DecodeHeader(received->header);
      if (!header || received->too_large || header->body_frames != received->body_frames) {
        continue;  // not from a server of ours; the deadline tells the caller
      }
      Take(Message{*header, std::move(received->body)});
    }
  }

  void Take(Message message) {
    const std::uint64_t correlation = message.header.correlation;
    if (message.header.type != MessageType::error) {
      if (auto wrong = NotItsReply(message)) return Answer(correlation, *std::move(wrong));
      Answer(correlation, std::move(message));
      return;
    }
    Errors errors = ErrorsOf(message);
    if (correlation != 0) {
      Answer(correlation, tl::unexpected<Errors>(std::move(errors)));
      return;
    }
    // The peer could not even read a header of ours, so it does not speak this version: nothing
    // that is open will be answered.
    for (const std::uint64_t one : OpenCorrelations()) {
      if (!destroyed) Answer(one, tl::unexpected<Errors>(errors));
    }
  }

  // The error to tell of a reply whose type is not the one asked for, if it is such a one.
  std::optional<tl::unexpected<Errors>> NotItsReply(const Message& message) const {
    const auto it = open.find(message.header.correlation);
    if (it == open.end() || it->second.reply == message.header.type) return std::nullopt;
    return OneError(
        Reason::kMessageType,
        fmt::format("{} answered with a message of type {}, and {} was expected.", endpoint,
                    static_cast<int>(message.header.type), static_cast<int>(it->second.reply)));
  }

  // Calls back; the last time, unless it is a stream's message.
  void Answer(std::uint64_t correlation, tl::expected<Message, Errors> reply) {
    const auto it = open.find(correlation);
    if (it == open.end()) return;  // forgotten, or past its deadline
    if (it->second.many && reply) {
      const OnReply on_message = it->second.on_reply;
      on_message(std::move(reply));
      return;
    }
    Open request = std::move(it->second);
    open.erase(it);
    if (request.deadline) loop.Cancel(*request.deadline);
    request.on_reply(std::move(reply));
  }

  // Answers from the loop, not from the call that is being made.
  void AnswerLater(std::uint64_t correlation, tl::unexpected<Errors> errors) {
    loop.After(milliseconds(0), [weak = weak_from_this(), correlation, errors = std::move(errors)] {
      const auto self = weak.lock();
      if (self && !self->destroyed) self->Answer(correlation, errors);
    });
  }

  std::vector<std::uint64_t> OpenCorrelations() const {
    std::vector<std::uint64_t> correlations;
    correlations.reserve(open.size());
    for (const auto& [correlation, request] : open) correlations.push_back(correlation);
    return correlations;
  }

  Sent SendOn(Message& message) {
    const Sent sent = bus::Send(socket, std::nullopt, message);
    loop.Touch(socket);
    return sent;
  }

  std::uint64_t Ask(MessageType::Value type, const google::protobuf::MessageLite& body,
                    milliseconds time_left, milliseconds grace, bool many, OnReply on_reply) {
    const std::uint64_t correlation = ++last_correlation;
    Open& request = open[correlation];
    request.on_reply = std::move(on_reply);
    request.reply = ReplyTo(type);
    request.many = many;

    Message message = MakeMessage(type, correlation, body);
    time_left = std::clamp(time_left, milliseconds(0), milliseconds(UINT32_MAX));
    message.header.time_left_ms = static_cast<std::uint32_t>(time_left.count());
    if (Status fits = CheckSize(message); !fits) {
      AnswerLater(correlation, tl::unexpected<Errors>(Errors{std::move(fits.error())}));
      return correlation;
    }
    if (const Sent sent = SendOn(message); sent != Sent::kYes) {
      AnswerLater(
          correlation,
          sent == Sent::kFull
              ? OneError(Reason::kOverloaded, fmt::format("{} takes nothing, and {} requests wait "
                                                          "for it already.",
                                                          endpoint, kQueueMessagesMax))
              : OneError(Reason::kUnreachable, fmt::format("{} cannot be sent to.", endpoint)));
      return correlation;
    }
    if (time_left.count() > 0) {
      request.deadline = loop.After(time_left + grace, [this, correlation, time_left] {
        const auto self = shared_from_this();
        open.at(correlation).deadline.reset();
        Answer(correlation,
               OneError(Reason::kUnreachable, fmt::format("{} did not answer within {} ms.",
                                                          endpoint, time_left.count())));
      });
    }
    return correlation;
  }
};

Dealer::Dealer(std::shared_ptr<State> state) : state_(std::move(state)) {}

Dealer::~Dealer() {
  state_->destroyed = true;
  state_->Close(kLingerMs);
}

Result<std::unique_ptr<Dealer>> Dealer::Connect(Loop& loop, zmq::context_t& context,
                                                const std::string& endpoint) {
  auto checked = EndpointToConnect(endpoint);
  if (!checked) return Fail(std::move(checked.error()));
  auto state = std::make_shared<State>(loop, context, std::move(*checked));
  if (Status connected = state->ConnectSocket(); !connected) {
    return Fail(std::move(connected.error()));
  }
  return std::unique_ptr<Dealer>(new Dealer(std::move(state)));
}

std::uint64_t Dealer::Request(MessageType::Value type, const google::protobuf::MessageLite& body,
                              milliseconds time_left, OnReply on_reply, milliseconds grace) {
  return state_->Ask(type, body, time_left, grace, /*many=*/false, std::move(on_reply));
}

std::uint64_t Dealer::Stream(MessageType::Value type, const google::protobuf::MessageLite& body,
                             OnReply on_message) {
  return state_->Ask(type, body, milliseconds(0), milliseconds(0), /*many=*/true,
                     std::move(on_message));
}

void Dealer::Forget(std::uint64_t correlation) {
  const auto it = state_->open.find(correlation);
  if (it == state_->open.end()) return;
  if (it->second.deadline) state_->loop.Cancel(*it->second.deadline);
  state_->open.erase(it);
}

bool Dealer::Tell(MessageType::Value type, const google::protobuf::MessageLite& body) {
  Message message = MakeMessage(type, ++state_->last_correlation, body);
  return CheckSize(message) && state_->SendOn(message) == Sent::kYes;
}

void Dealer::Reconnect() {
  State& state = *state_;
  state.Close(0);
  // The endpoint was good before; if the context is going down now, requests find out.
  (void)state.ConnectSocket();
  for (const std::uint64_t correlation : state.OpenCorrelations()) {
    state.open.at(correlation).deadline.reset();
    state.AnswerLater(correlation,
                      OneError(Reason::kUnreachable,
                               fmt::format("The connection to {} was dropped before it answered.",
                                           state.endpoint)));
  }
}

}  // namespace entente::bus
