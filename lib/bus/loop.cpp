#include "bus/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
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
    zmq::pollitem_t item{};
    Wakeup* wakeup = nullptr;
    Callback callback;
    bool removed = false;
  };
  struct Timer {
    Callback callback;
    milliseconds period{0};  // 0: once
  };

  std::vector<std::shared_ptr<Entry>> entries;
  bool entries_changed = true;
  std::map<std::pair<Clock::time_point, TimerId>, Timer> timers;
  std::unordered_map<TimerId, Clock::time_point> due;
  TimerId last_timer = 0;
  std::atomic<bool> stop{false};
  static_assert(std::atomic<bool>::is_always_lock_free, "Stop is called by signal handlers");
  Wakeup stop_wakeup;

  void Add(std::shared_ptr<Entry> entry) {
    entry->item.events = ZMQ_POLLIN;
    entries.push_back(std::move(entry));
    entries_changed = true;
  }

  void Remove(const void* socket, const Wakeup* wakeup) {
    std::erase_if(entries, [&](const auto& entry) {
      if (entry->item.socket != socket || entry->wakeup != wakeup) return false;
      entry->removed = true;
      return true;
    });
    entries_changed = true;
  }

  TimerId Schedule(Clock::time_point when, Timer timer) {
    const TimerId id = ++last_timer;
    timers.emplace(std::pair(when, id), std::move(timer));
    due.emplace(id, when);
    return id;
  }

  milliseconds UntilNextTimer() const {
    if (timers.empty()) return milliseconds(-1);
    const auto left = timers.begin()->first.first - Clock::now();
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(left));
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
  entry->item.socket = socket.handle();
  entry->callback = std::move(on_readable);
  state_->Add(std::move(entry));
}

void Loop::Remove(zmq::socket_ref socket) { state_->Remove(socket.handle(), nullptr); }

void Loop::Add(Wakeup& wakeup, Callback on_wake) {
  auto entry = std::make_shared<State::Entry>();
  entry->item.fd = wakeup.fd();
  entry->wakeup = &wakeup;
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
  std::vector<zmq::pollitem_t> items;
  state.entries_changed = true;
  while (!state.stop) {
    if (std::exchange(state.entries_changed, false)) {
      round = state.entries;
      items.clear();
      for (const auto& entry : round) items.push_back(entry->item);
      items.push_back({nullptr, state.stop_wakeup.fd(), ZMQ_POLLIN, 0});
    }
    try {
      zmq::poll(items, state.UntilNextTimer());
    } catch (const zmq::error_t& fault) {
      if (fault.num() == EINTR) continue;
      break;  // the context is going down
    }
    for (std::size_t i = 0; i < round.size() && !state.stop; ++i) {
      State::Entry& entry = *round[i];
      if ((items[i].revents & ZMQ_POLLIN) == 0 || entry.removed) continue;
      if (entry.wakeup != nullptr) entry.wakeup->Drain();
      entry.callback();
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
