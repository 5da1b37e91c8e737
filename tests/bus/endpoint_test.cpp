#include "bus/endpoint.h"

#include <gtest/gtest.h>

namespace entente::bus {
namespace {

// What becomes of an endpoint: to bind by default, to bind with plaintext allowed, to connect.
// "-": refused.
TEST(Endpoint, WhatMayBeBoundAndConnectedTo) {
  struct Case {
    std::string endpoint, bind, bind_plaintext, connect;
  };
  const std::string no = "-";
  const Case cases[] = {
      // Loopback.
      {"tcp://127.0.0.1:7400", "tcp://127.0.0.1:7400", "tcp://127.0.0.1:7400",
       "tcp://127.0.0.1:7400"},
      {"tcp://127.1.2.3:1", "tcp://127.1.2.3:1", "tcp://127.1.2.3:1", "tcp://127.1.2.3:1"},
      {"tcp://[::1]:7400", "tcp://[::1]:7400", "tcp://[::1]:7400", "tcp://[::1]:7400"},
      {"tcp://localhost:7400", "tcp://127.0.0.1:7400", "tcp://127.0.0.1:7400",
       "tcp://localhost:7400"},
      {"tcp://127.0.0.1:*", "tcp://127.0.0.1:*", "tcp://127.0.0.1:*", no},
      {"ipc:///run/entente.sock", "ipc:///run/entente.sock", "ipc:///run/entente.sock",
       "ipc:///run/entente.sock"},
      {"inproc://ingest", "inproc://ingest", "inproc://ingest", "inproc://ingest"},
      // Beyond.
      {"tcp://192.0.2.7:7400", no, "tcp://192.0.2.7:7400", "tcp://192.0.2.7:7400"},
      {"tcp://0.0.0.0:7400", no, "tcp://0.0.0.0:7400", "tcp://0.0.0.0:7400"},
      {"tcp://*:7400", no, "tcp://*:7400", no},
      {"tcp://eth0:7400", no, "tcp://eth0:7400", "tcp://eth0:7400"},
      {"tcp://[2001:db8::1]:7400", no, "tcp://[2001:db8::1]:7400", "tcp://[2001:db8::1]:7400"},
      {"tcp://127.0.0.1.example.org:80", no, "tcp://127.0.0.1.example.org:80",
       "tcp://127.0.0.1.example.org:80"},
      {"tcp://ingest.example.org:7400", no, "tcp://ingest.example.org:7400",
       "tcp://ingest.example.org:7400"},
      // No such form.
      {"", no, no, no},
      {"127.0.0.1:7400", no, no, no},
      {"tcp://127.0.0.1", no, no, no},
      {"tcp://:7400", no, no, no},
      {"tcp://::1:7400", no, no, no},
      {"tcp://[]:7400", no, no, no},
      {"tcp://127.0.0.1:", no, no, no},
      {"tcp://127.0.0.1:0", no, no, no},
      {"tcp://127.0.0.1:65536", no, no, no},
      {"tcp://127.0.0.1:74x", no, no, no},
      {"ipc://", no, no, no},
      {"inproc://", no, no, no},
      {"http://127.0.0.1:7400", no, no, no},
      {"udp://127.0.0.1:7400", no, no, no},
      {"pgm://eth0;239.0.0.1:5555", no, no, no},
  };
  const auto shown = [](const Result<std::string>& result) {
    if (result) return *result;
    EXPECT_EQ(result.error().reason, Reason::kEndpointRefused);
    EXPECT_FALSE(result.error().message.empty());
    return std::string("-");
  };
  for (const Case& c : cases) {
    EXPECT_EQ(shown(EndpointToBind(c.endpoint, false)), c.bind) << c.endpoint;
    EXPECT_EQ(shown(EndpointToBind(c.endpoint, true)), c.bind_plaintext) << c.endpoint;
    EXPECT_EQ(shown(EndpointToConnect(c.endpoint)), c.connect) << c.endpoint;
  }
}

TEST(Endpoint, ListsAreSplitAtCommas) {
  using List = std::vector<std::string>;
  EXPECT_EQ(SplitEndpoints("a"), List({"a"}));
  EXPECT_EQ(SplitEndpoints(" a, b ,c"), List({"a", "b", "c"}));
  for (const char* bad : {"", " ", "a,", ",a", "a,,b"}) EXPECT_FALSE(SplitEndpoints(bad)) << bad;
}

}  // namespace
}  // namespace entente::bus
