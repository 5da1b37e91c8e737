// One thread's event loop over ZeroMQ sockets, file descriptors and timers.
//
// All that a loop owns is touched by the thread that runs it, and by no other; other threads reach
// it through a Wakeup only. Callbacks run one at a time and must not block.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <zmq.hpp>

namespace entente::bus {

// Wakes a loop from any thread. Many Notify() before the loop looks are one wake-up. An eventfd
// (eventfd(2)); a process that has no file descriptor left for it is aborted.
class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  void Notify() noexcept;  // any thread, signal handlers too
  int fd() const { return fd_; }
  void Drain() noexcept;  // by the loop

 private:
  int fd_;
};

class Loop {
 public:
  using Callback = std::function<void()>;
  using TimerId = std::uint64_t;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Calls back while the socket has something to receive. The socket must outlive Remove.
  void Add(zmq::socket_ref socket, Callback on_readable);
  void Remove(zmq::socket_ref socket);
  // To be called after anything was sent or received on the socket, unless in its own callback:
  // what it has to receive may have been noticed then, and its file descriptor tells of that once
  // (zmq_getsockopt(3), ZMQ_FD).
  void Touch(zmq::socket_ref socket);
  // Calls back after each Notify; drains it first.
  void Add(Wakeup& wakeup, Callback on_wake);
  void Remove(Wakeup& wakeup);
  // Timers may be made and cancelled in callbacks. One that is late is called once, not caught up.
  TimerId After(std::chrono::milliseconds delay, Callback callback);
  TimerId Every(std::chrono::milliseconds period, Callback callback);
  void Cancel(TimerId timer);

  // Runs until Stop, or until a ZeroMQ context whose socket is polled is terminated. One Stop ends
  // one Run; a Stop before Run makes that Run return at once. May be called again.
  void Run();
  // From any thread, or a signal handler: Run returns after the callback it is in.
  void Stop() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace entente::bus
