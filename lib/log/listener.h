#pragma once

#include <functional>
#include <mutex>
#include <utility>

namespace entente::log {

// A function that one thread sets and others call. Once Set has returned, the function set before
// is not running and never runs again, so what it refers to may go. A call must be short, and must
// not call Set.
template <typename... Args>
class Listener {
 public:
  void Set(std::function<void(Args...)> function) {
    const std::lock_guard lock(mutex_);
    function_ = std::move(function);
  }
  void Call(Args... args) const {
    const std::lock_guard lock(mutex_);
    if (function_) function_(args...);
  }

 private:
  mutable std::mutex mutex_;
  std::function<void(Args...)> function_;
};

}  // namespace entente::log
