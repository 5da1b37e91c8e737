// Tells whoever listens: one XPUB socket, which is a PUB that can say whether anybody does.
// Messages are [topic] [header] [body…]; a listener (SUB) subscribes to prefixes of topics.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "bus/frame.h"
#include "values/error.h"

namespace entente::bus {

// A listener that is slower than 10,000 messages loses messages, and nobody is told: it has to see
// the gap in what it gets. One thread at a time.
class Publisher {
 public:
  // Binds all endpoints (commas between them) or none. ENDPOINT_REFUSED, as Router::Bind.
  // `context` must outlive the publisher.
  static Result<std::unique_ptr<Publisher>> Bind(zmq::context_t& context,
                                                 const std::string& endpoint, bool allow_plaintext);
  ~Publisher();

  // Never blocks. MESSAGE_TOO_LARGE; UNREACHABLE when the context is going down.
  Status Publish(std::string_view topic, Message message);

  // Whether anybody has subscribed to anything, as far as the network has told. What is published
  // meanwhile goes nowhere, so it need not be made.
  bool heard();

  // What was bound, with ports filled in; comma-separated.
  const std::string& endpoint() const;

 private:
  struct State;
  explicit Publisher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace entente::bus
