#include "bus/loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace entente::bus {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Wakeup::Wakeup() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (fd_ < 0) {
    std::perror("eventfd");
    std::abort();
  }
}

Wakeup::~Wakeup() { close(fd_); }

void Wakeup::Notify() noexcept {
  // A signal handler must leave errno as it was. EAGAIN means that the counter is full, so that
  // the loop is going to wake up anyway.
  const int before = errno;
  const std::uint64_t one = 1;
  while (write(fd_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  errno = before;
}

void Wakeup::Drain() noexcept {
  std::uint64_t count = 0;
  while (read(fd_, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

struct Loop::State {
  // What is polled. Shared with the round that is being served, so that a callback may remove any
  // entry, its own too.
  struct Entry {
    void* socket = nullptr;  // or
    Wakeup* wakeup = nullptr;
    int fd = -1;  // of either
    Callback callback;
    bool removed = false;
    bool touched = false;  // stands in State::touched
    bool ready = false;    // the socket said so before the round
  };
  struct Timer {
    Callback callback;
    milliseconds period{0};  // 0: once
  };

  std::vector<std::shared_ptr<Entry>> entries;
  std::unordered_map<const void*, std::shared_ptr<Entry>> by_socket;
  std::vector<std::shared_ptr<Entry>> touched;
  bool entries_changed = true;
  std::map<std::pair<Clock::time_point, TimerId>, Timer> timers;
  std::unordered_map<TimerId, Clock::time_point> due;
  TimerId last_timer = 0;
  bool context_is_down = false;
  std::atomic<bool> stop{false};
  static_assert(std::atomic<bool>::is_always_lock_free, "Stop is called by signal handlers");
  Wakeup stop_wakeup;

  void Add(std::shared_ptr<Entry> entry) {
    if (entry->socket != nullptr) {
      by_socket[entry->socket] = entry;
      Touch(entry);
    }
    entries.push_back(std::move(entry));
    entries_changed = true;
  }

  void Touch(const std::shared_ptr<Entry>& entry) {
    if (!std::exchange(entry->touched, true)) touched.push_back(entry);
  }

  void Remove(const void* socket, const Wakeup* wakeup) {
    std::erase_if(entries, [&](const auto& entry) {
      if (entry->socket != socket || entry->wakeup != wakeup) return false;
      entry->removed = true;
      return true;
    });
    if (socket != nullptr) by_socket.erase(socket);
    entries_changed = true;
  }

  TimerId Schedule(Clock::time_point when, Timer timer) {
    const TimerId id = ++last_timer;
    timers.emplace(std::pair(when, id), std::move(timer));
    due.emplace(id, when);
    return id;
  }

  // As poll(2) takes it.
  int UntilNextTimer() const {
    if (timers.empty()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(timers.begin()->first.first - Clock::now());
    return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, INT_MAX));
  }

  // Asks the sockets of whose messages their file descriptors need not tell any more.
  bool AnyReady() {
    bool any = false;
    for (const auto& entry : std::exchange(touched, {})) {
      entry->touched = false;
      if (entry->removed) continue;
      entry->ready = Readable(*entry);
      any |= entry->ready;
    }
    return any;
  }

  bool Readable(const Entry& entry) {
    int events = 0;
    std::size_t size = sizeof events;
    while (zmq_getsockopt(entry.socket, ZMQ_EVENTS, &events, &size) != 0) {
      if (errno == EINTR) continue;
      context_is_down = true;
      return false;
    }
    return (events & ZMQ_POLLIN) != 0;
  }

  // zmq_poll asks every socket again, before it sleeps and when one of them wakes it, which costs
  // system calls for each. This asks those that were touched and those whose file descriptor told.
  void Serve(const std::shared_ptr<Entry>& entry, bool told) {
    if (entry->removed) return;
    if (entry->wakeup != nullptr) {
      if (!told) return;
      entry->wakeup->Drain();
    } else {
      if (!std::exchange(entry->ready, false) && !(told && Readable(*entry))) return;
      Touch(entry);
    }
    entry->callback();
  }

  void RunTimers() {
    const Clock::time_point now = Clock::now();
    while (!stop && !timers.empty() && timers.begin()->first.first <= now) {
      const auto [when, id] = timers.begin()->first;
      Timer timer = std::move(timers.begin()->second);
      timers.erase(timers.begin());
      due.erase(id);
      if (timer.period.count() > 0) {
        // Back into the table before the call, so that the callback can cancel it.
        const Clock::time_point next = std::max(when, now - timer.period) + timer.period;
        timers.emplace(std::pair(std::max(next, now + milliseconds(1)), id), timer);
        due.emplace(id, std::max(next, now + milliseconds(1)));
      }
      timer.callback();
    }
  }
};

Loop::Loop() : state_(std::make_unique<State>()) {}
Loop::~Loop() = default;

void Loop::Add(zmq::socket_ref socket, Callback on_readable) {
  auto entry = std::make_shared<State::Entry>();
  entry->socket = socket.handle();
  entry->fd = socket.get(zmq::sockopt::fd);
  entry->callback = std::move(on_readable);
  state_->Add(std::move(entry));
}

void Loop::Remove(zmq::socket_ref socket) { state_->Remove(socket.handle(), nullptr); }

void Loop::Touch(zmq::socket_ref socket) {
  const auto entry = state_->by_socket.find(socket.handle());
  if (entry != state_->by_socket.end()) state_->Touch(entry->second);
}

void Loop::Add(Wakeup& wakeup, Callback on_wake) {
  auto entry = std::make_shared<State::Entry>();
  entry->wakeup = &wakeup;
  entry->fd = wakeup.fd();
  entry->callback = std::move(on_wake);
  state_->Add(std::move(entry));
}

void Loop::Remove(Wakeup& wakeup) { state_->Remove(nullptr, &wakeup); }

Loop::TimerId Loop::After(milliseconds delay, Callback callback) {
  return state_->Schedule(Clock::now() + delay, {std::move(callback), milliseconds(0)});
}

Loop::TimerId Loop::Every(milliseconds period, Callback callback) {
  period = std::max(period, milliseconds(1));
  return state_->Schedule(Clock::now() + period, {std::move(callback), period});
}

void Loop::Cancel(TimerId timer) {
  const auto it = state_->due.find(timer);
  if (it == state_->due.end()) return;
  state_->timers.erase(std::pair(it->second, timer));
  state_->due.erase(it);
}

void Loop::Run() {
  State& state = *state_;
  std::vector<std::shared_ptr<State::Entry>> round;
  std::vector<pollfd> polled;
  state.entries_changed = true;
  // The Run before may have ended between asking a socket and serving it.
  for (const auto& [socket, entry] : state.by_socket) state.Touch(entry);
  while (!state.stop) {
    if (std::exchange(state.entries_changed, false)) {
      round = state.entries;
      polled.clear();
      for (const auto& entry : round) polled.push_back({entry->fd, POLLIN, 0});
      polled.push_back({state.stop_wakeup.fd(), POLLIN, 0});
    }
    const int timeout = state.AnyReady() ? 0 : state.UntilNextTimer();
    if (state.context_is_down) break;
    if (poll(polled.data(), polled.size(), timeout) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    for (std::size_t i = 0; i < round.size() && !state.stop; ++i) {
      state.Serve(round[i], (polled[i].revents & POLLIN) != 0);
    }
    state.RunTimers();
  }
  state.stop_wakeup.Drain();
  state.stop = false;
}

void Loop::Stop() noexcept {
  state_->stop = true;
  state_->stop_wakeup.Notify();
}

}  // namespace entente::bus
