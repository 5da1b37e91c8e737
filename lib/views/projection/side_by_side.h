// Work that is done on as many threads as there are processors.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace entente::views {

// How many threads such work is done on, the caller's among them.
inline std::size_t Processors() { return std::max(1U, std::thread::hardware_concurrency()); }

// Calls `work(thread, i)` for each i below `n`, in no order; `thread` is below `threads` and is the
// same for no two calls at one time. Returns when all are done; what one of them threw is thrown
// here, and then some were not called.
template <class Work>
void SideBySide(std::size_t n, std::size_t threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr fault;
  std::mutex fault_mutex;
  const auto run = [&](std::size_t thread) {
    try {
      for (std::size_t i = next++; i < n; i = next++) work(thread, i);
    } catch (...) {
      const std::lock_guard lock(fault_mutex);
      fault = std::current_exception();
      next = n;
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(threads, n); ++i) others.emplace_back(run, i);
    run(0);
  }
  if (fault) std::rethrow_exception(fault);
}

}  // namespace entente::views
