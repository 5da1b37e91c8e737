#include "bus/publisher.h"

#include <fmt/format.h>

#include <utility>

#include "bus/endpoint.h"
#include "bus/socket_io.h"

namespace entente::bus {
namespace {

constexpr int kQueueMessagesMax = 10'000;  // a listener
constexpr int kLingerMs = 200;

}  // namespace

struct Publisher::State {
  explicit State(zmq::context_t& context) : socket(context, ZMQ_PUB) {}
  zmq::socket_t socket;
  std::string endpoint;
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

const std::string& Publisher::endpoint() const { return state_->endpoint; }

}  // namespace entente::bus
