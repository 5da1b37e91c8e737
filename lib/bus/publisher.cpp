#include "bus/publisher.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

#include "bus/endpoint.h"
#include "bus/socket_io.h"

namespace entente::bus {
namespace {

constexpr int kQueueMessagesMax = 10'000;  // a listener
constexpr int kLingerMs = 200;

}  // namespace

struct Publisher::State {
  explicit State(zmq::context_t& context) : socket(context, ZMQ_XPUB) {}
  zmq::socket_t socket;
  std::string endpoint;
  std::set<std::string> topics;  // subscribed to by at least one listener

  // [1 topic] when the first listener of a topic comes, [0 topic] when its last one is gone
  // (zmq_socket(3), XPUB). Anything else is a message of a listener's own, and of no interest.
  void TakeSubscriptions() {
    zmq::message_t message;
    while (socket.recv(message, zmq::recv_flags::dontwait)) {
      const std::string text = message.to_string();
      if (text.starts_with('\1')) topics.insert(text.substr(1));
      if (text.starts_with('\0')) topics.erase(text.substr(1));
    }
  }
};

Publisher::Publisher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Publisher::~Publisher() = default;

Result<std::unique_ptr<Publisher>> Publisher::Bind(zmq::context_t& context,
                                                   const std::string& endpoint,
                                                   bool allow_plaintext) {
  auto listed = SplitEndpoints(endpoint);
  if (!listed) return Fail(std::move(listed.error()));
  std::string current = endpoint;
  try {
    auto state = std::make_unique<State>(context);
    ApplyCommonOptions(state->socket, endpoint);
    state->socket.set(zmq::sockopt::sndhwm, kQueueMessagesMax);
    state->socket.set(zmq::sockopt::linger, kLingerMs);
    for (const std::string& one : *listed) {
      current = one;
      auto to_bind = EndpointToBind(one, allow_plaintext);
      if (!to_bind) return Fail(std::move(to_bind.error()));
      state->socket.bind(*to_bind);
      if (!state->endpoint.empty()) state->endpoint += ",";
      state->endpoint += state->socket.get(zmq::sockopt::last_endpoint);
    }
    return std::unique_ptr<Publisher>(new Publisher(std::move(state)));
  } catch (const zmq::error_t& fault) {
    return Fail(Reason::kEndpointRefused, "endpoint", current,
                fmt::format("{} cannot be bound: {}.", current, fault.what()));
  }
}

Status Publisher::Publish(std::string_view topic, Message message) {
  if (Status fits = CheckSize(message); !fits) return fits;
  if (Send(state_->socket, topic, message) == Sent::kYes) return {};
  return Fail(Reason::kUnreachable, "", "", "Nothing can be published any more.");
}

bool Publisher::heard() {
  try {
    state_->TakeSubscriptions();
  } catch (const zmq::error_t&) {
    return false;  // the context is going down
  }
  return !state_->topics.empty();
}

const std::string& Publisher::endpoint() const { return state_->endpoint; }

}  // namespace entente::bus
