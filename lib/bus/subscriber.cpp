#include "bus/subscriber.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "bus/endpoint.h"
#include "bus/socket_io.h"

namespace entente::bus {

struct Subscriber::State {
  explicit State(zmq::context_t& context) : socket(context, ZMQ_SUB) {}
  zmq::socket_t socket;
  bool over = false;
};

Subscriber::Subscriber(std::unique_ptr<State> state) : state_(std::move(state)) {}
Subscriber::~Subscriber() = default;

Result<std::unique_ptr<Subscriber>> Subscriber::Connect(zmq::context_t& context,
                                                        const std::string& endpoint,
                                                        const std::vector<std::string>& prefixes) {
  const auto checked = EndpointToConnect(endpoint);
  if (!checked) return Fail(checked.error());
  try {
    auto state = std::make_unique<State>(context);
    ApplyCommonOptions(state->socket, *checked);
    state->socket.set(zmq::sockopt::rcvhwm, 0);
    state->socket.set(zmq::sockopt::linger, 0);
    for (const std::string& prefix : prefixes) {
      state->socket.set(zmq::sockopt::subscribe, prefix);
    }
    state->socket.connect(*checked);
    return std::unique_ptr<Subscriber>(new Subscriber(std::move(state)));
  } catch (const zmq::error_t& fault) {
    return Fail(Reason::kEndpointRefused, "endpoint", endpoint,
                fmt::format("{} cannot be connected to: {}.", endpoint, fault.what()));
  }
}

std::optional<Subscriber::Heard> Subscriber::Next(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    while (auto received = Receive(state_->socket, /*with_identity=*/true)) {
      const auto header = DecodeHeader(received->header);
      if (!header || received->too_large || header->body_frames != received->body_frames) continue;
      return Heard{std::move(received->identity), {*header, std::move(received->body)}};
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= left.zero()) return std::nullopt;
    zmq_pollitem_t item{state_->socket.handle(), 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, static_cast<long>(left.count())) < 0 && errno == ETERM) {
      state_->over = true;
      return std::nullopt;
    }
  }
}

bool Subscriber::over() const { return state_->over; }

}  // namespace entente::bus
