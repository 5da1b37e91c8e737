#include "bus/loop.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>
#include <vector>

#include "run_until.h"

namespace entente::bus {
namespace {

using std::chrono::milliseconds;

TEST(Loop, TimersRunInTheOrderTheyAreDue) {
  Loop loop;
  std::vector<int> order;
  loop.After(milliseconds(20), [&] { order.push_back(3), loop.Stop(); });
  loop.After(milliseconds(10), [&] { order.push_back(2); });
  loop.After(milliseconds(0), [&] { order.push_back(1); });
  loop.Run();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Loop, ATimerMayCancelItselfAndOthers) {
  Loop loop;
  int ticks = 0;
  bool other = false;
  Loop::TimerId ticking = 0;
  const Loop::TimerId cancelled = loop.After(milliseconds(30), [&] { other = true; });
  ticking = loop.Every(milliseconds(1), [&] {
    if (++ticks < 3) return;
    loop.Cancel(ticking);
    loop.Cancel(cancelled);
    loop.After(milliseconds(40), [&] { loop.Stop(); });
  });
  loop.Run();
  EXPECT_EQ(ticks, 3);
  EXPECT_FALSE(other);
}

TEST(Loop, ATimerMadeInATimerRuns) {
  Loop loop;
  int depth = 0;
  std::function<void()> again = [&] {
    if (++depth == 50) return loop.Stop();
    loop.After(milliseconds(0), again);
  };
  loop.After(milliseconds(0), again);
  loop.Run();
  EXPECT_EQ(depth, 50);
}

TEST(Loop, StopBeforeRunEndsTheNextRunOnly) {
  Loop loop;
  bool ran = false;
  loop.After(milliseconds(0), [&] { ran = true, loop.Stop(); });
  loop.Stop();
  loop.Run();
  EXPECT_FALSE(ran);
  loop.Run();
  EXPECT_TRUE(ran);
}

TEST(Loop, NothingIsCalledAfterStop) {
  Loop loop;
  int calls = 0;
  for (int i = 0; i < 5; ++i) loop.After(milliseconds(0), [&] { ++calls, loop.Stop(); });
  loop.Run();
  EXPECT_EQ(calls, 1);
}

TEST(Loop, IsWokenFromOtherThreads) {
  Loop loop;
  Wakeup wakeup;
  std::atomic<int> sent = 0;
  int seen = 0;
  loop.Add(wakeup, [&] { seen = sent; });
  std::thread other([&] {
    for (int i = 0; i < 10'000; ++i) {
      ++sent;
      wakeup.Notify();
    }
  });
  // However the notifications fall together, the last is not missed.
  EXPECT_TRUE(RunUntil(loop, [&] { return seen == 10'000; }));
  other.join();
  loop.Remove(wakeup);
}

TEST(Loop, ManyNotificationsAreOneWakeUp) {
  Loop loop;
  Wakeup wakeup;
  int wakeups = 0;
  loop.Add(wakeup, [&] { ++wakeups; });
  for (int i = 0; i < 100; ++i) wakeup.Notify();
  loop.After(milliseconds(20), [&] { loop.Stop(); });
  loop.Run();
  EXPECT_EQ(wakeups, 1);
}

TEST(Loop, ACallbackMayRemoveWhatIsReadyToo) {
  Loop loop;
  Wakeup first;
  Wakeup second;
  int calls = 0;
  const auto only_one = [&] {
    ++calls;
    loop.Remove(first);
    loop.Remove(second);
  };
  loop.Add(first, only_one);
  loop.Add(second, only_one);
  first.Notify();
  second.Notify();
  loop.After(milliseconds(20), [&] { loop.Stop(); });
  loop.Run();
  EXPECT_EQ(calls, 1);
}

// Two ends of a connection. What is sent on the one has arrived at the other when Send returns,
// since both are of one thread.
struct Pair {
  zmq::context_t context;
  zmq::socket_t ours{context, ZMQ_PAIR};
  zmq::socket_t theirs{context, ZMQ_PAIR};

  Pair() {
    ours.bind("inproc://pair");
    theirs.connect("inproc://pair");
  }
  static void Send(zmq::socket_t& socket) {
    socket.send(zmq::message_t("x", 1), zmq::send_flags::none);
  }
  static bool Receive(zmq::socket_t& socket) {
    zmq::message_t message;
    return socket.recv(message, zmq::recv_flags::dontwait).has_value();
  }
};

TEST(Loop, HearsOfWhatCameWhileSomethingWasSentOnTheSocket) {
  Loop loop;
  Pair pair;
  int heard = 0;
  loop.Add(pair.ours, [&] {
    heard += Pair::Receive(pair.ours) ? 1 : 0;
    loop.Stop();
  });
  loop.After(milliseconds(1), [&] {
    Pair::Send(pair.theirs);
    // This takes note of what has come, so that the file descriptor tells of nothing.
    Pair::Send(pair.ours);
    loop.Touch(pair.ours);
  });
  loop.After(milliseconds(5'000), [&] { loop.Stop(); });
  loop.Run();
  EXPECT_EQ(heard, 1);
  loop.Remove(pair.ours);
}

TEST(Loop, ComesBackToWhatItsCallbackLeft) {
  Loop loop;
  Pair pair;
  int heard = 0;
  loop.Add(pair.ours, [&] {
    heard += Pair::Receive(pair.ours) ? 1 : 0;
    if (heard == 3) loop.Stop();
  });
  for (int i = 0; i < 3; ++i) Pair::Send(pair.theirs);
  loop.After(milliseconds(5'000), [&] { loop.Stop(); });
  loop.Run();
  EXPECT_EQ(heard, 3);
  loop.Remove(pair.ours);
}

TEST(Loop, HearsInItsNextRunOfWhatTheOneBeforeLeft) {
  Loop loop;
  Pair first;
  Pair second;
  int heard = 0;
  const auto hear = [&] {
    heard += Pair::Receive(first.ours) || Pair::Receive(second.ours) ? 1 : 0;
    loop.Stop();
  };
  loop.Add(first.ours, hear);
  loop.Add(second.ours, hear);
  Pair::Send(first.theirs);
  Pair::Send(second.theirs);
  const auto give_up = loop.After(milliseconds(5'000), [&] { loop.Stop(); });
  loop.Run();
  loop.Run();
  loop.Cancel(give_up);
  EXPECT_EQ(heard, 2);
  loop.Remove(first.ours);
  loop.Remove(second.ours);
}

TEST(Loop, EndsWhenTheContextIsTerminated) {
  zmq::context_t context;
  Loop loop;
  zmq::socket_t socket(context, ZMQ_DEALER);
  socket.set(zmq::sockopt::linger, 0);
  loop.Add(socket, [] {});
  std::thread other([&] { context.shutdown(); });
  loop.Run();
  other.join();
  loop.Remove(socket);
}

Loop* signalled_loop = nullptr;

TEST(Loop, IsStoppedByASignalHandler) {
  Loop loop;
  signalled_loop = &loop;
  struct sigaction action = {};
  struct sigaction before = {};
  action.sa_handler = [](int) { signalled_loop->Stop(); };
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  loop.After(milliseconds(1), [] { (void)raise(SIGUSR1); });
  loop.Run();
  ASSERT_EQ(sigaction(SIGUSR1, &before, nullptr), 0);
}

}  // namespace
}  // namespace entente::bus
