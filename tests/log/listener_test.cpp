#include "log/listener.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

namespace entente::log {
namespace {

TEST(Listener, IsNotCalledOnceAnotherWasSet) {
  Listener<int> listener;
  std::atomic<bool> done = false;
  std::atomic<int> calls = 0;
  std::atomic<int> late = 0;
  std::thread caller([&] {
    while (!done) listener.Call(1);
  });
  for (int i = 0; i < 2'000; ++i) {
    const auto gone = std::make_shared<std::atomic<bool>>(false);
    const int before = calls;
    listener.Set([&calls, &late, gone](int by) {
      calls += by;
      std::this_thread::yield();
      if (*gone) ++late;
    });
    while (calls == before) std::this_thread::yield();
    listener.Set(nullptr);
    *gone = true;
  }
  done = true;
  caller.join();
  EXPECT_EQ(late, 0);
}

}  // namespace
}  // namespace entente::log
