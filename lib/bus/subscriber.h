// Hears what a publisher tells (publisher.h): one SUB socket.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/frame.h"
#include "values/error.h"

namespace entente::bus {

// What is not taken waits here, however much it is, and not in the publisher's queue: somebody has
// to take it. (A socket with a bound stops reading its connection when it is full, and where that
// is given up in this state libzmq may end the process:
// https://github.com/zeromq/libzmq/issues/3937.) One thread at a time.
class Subscriber {
 public:
  struct Heard {
    std::string topic;
    Message message;
  };

  // Hears topics that begin with one of the prefixes. Connects when there is somebody to connect
  // to, and again when that one comes back. ENDPOINT_REFUSED. `context` must outlive the
  // subscriber.
  static Result<std::unique_ptr<Subscriber>> Connect(zmq::context_t& context,
                                                     const std::string& endpoint,
                                                     const std::vector<std::string>& prefixes);
  ~Subscriber();

  // The next message that comes within `patience`. What is no message of ours is passed over.
  std::optional<Heard> Next(std::chrono::milliseconds patience);
  // The context is going down: nothing comes any more.
  bool over() const;

 private:
  struct State;
  explicit Subscriber(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace entente::bus
