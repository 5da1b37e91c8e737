// What the tail said and nobody has looked at yet: the newest messages, at most as many as there is
// room for.
//
//     bus::Subscriber ─[thread]─▶ queue, from which the oldest go ─▶ Next
//
// So a reader that takes its time keeps nothing waiting at the publisher, and the newest message of
// all is there when it looks, with the gap before it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "bus/subscriber.h"

namespace entente::client {

// Next is for one thread at a time.
class TailQueue {
 public:
  static constexpr std::size_t kRoom = 1'000;

  explicit TailQueue(std::unique_ptr<bus::Subscriber> subscriber, std::size_t room = kRoom);

  // The oldest that waits, or the next one that comes within `patience`.
  std::optional<bus::Subscriber::Heard> Next(std::chrono::milliseconds patience);

 private:
  void Run(const std::stop_token& stop);

  const std::unique_ptr<bus::Subscriber> subscriber_;  // the thread's own
  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<bus::Subscriber::Heard> waiting_;
  std::jthread thread_;  // ends before what it uses
};

}  // namespace entente::client
