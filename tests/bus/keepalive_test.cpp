// That a machine at the other end of a connection is gone is found out by TCP's own questions.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bus/dealer.h"
#include "bus/publisher.h"
#include "bus/router.h"
#include "bus/socket_io.h"
#include "bus/subscriber.h"
#include "run_until.h"

namespace entente::bus {
namespace {

// The timers of both ends of the connections to a port of this machine, as "kind:jiffies left" in
// hexadecimal (proc_pid_net(5), /proc/net/tcp); kind 2 is keepalive's.
std::vector<std::string> TimersOf(const std::string& endpoint) {
  const int port = std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
  const std::string suffix = fmt::format(":{:04X}", port);
  std::vector<std::string> timers;
  std::ifstream table("/proc/net/tcp");
  std::string line;
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string slot;
    std::string local;
    std::string remote;
    std::string state;
    std::string queues;
    std::string timer;
    words >> slot >> local >> remote >> state >> queues >> timer;
    const bool ours = local.ends_with(suffix) || remote.ends_with(suffix);
    if (ours && state == "01") timers.push_back(timer);
  }
  return timers;
}

// A hundredth of a second each (time(7), USER_HZ), plus one begun.
bool AsksSoon(const std::string& timer) {
  const std::string digits = timer.substr(timer.find(':') + 1);
  long left = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), left, 16);
  return timer.starts_with("02:") && left <= kKeepaliveIdleS * 100 + 1;
}

// Both ends have nothing under way and the timer of keepalive.
bool BothAskSoon(const std::string& endpoint) {
  const std::vector<std::string> timers = TimersOf(endpoint);
  return timers.size() == 2 && AsksSoon(timers[0]) && AsksSoon(timers[1]);
}

TEST(Keepalive, OfBothEndsOfAConnectionThatAsks) {
  Loop loop;
  zmq::context_t context;
  const auto router =
      *Router::Bind(loop, context, {"tcp://127.0.0.1:*", false, "test"}, [](auto&&...) {});
  const auto dealer = *Dealer::Connect(loop, context, router->endpoint());
  EXPECT_TRUE(RunUntil(loop, [&] { return BothAskSoon(router->endpoint()); }))
      << testing::PrintToString(TimersOf(router->endpoint()));
}

TEST(Keepalive, OfBothEndsOfAConnectionThatListens) {
  Loop loop;
  zmq::context_t context;
  const auto publisher = *Publisher::Bind(context, "tcp://127.0.0.1:*", false);
  const auto subscriber = *Subscriber::Connect(context, publisher->endpoint(), {""});
  EXPECT_TRUE(RunUntil(loop, [&] { return BothAskSoon(publisher->endpoint()); }))
      << testing::PrintToString(TimersOf(publisher->endpoint()));
}

}  // namespace
}  // namespace entente::bus
