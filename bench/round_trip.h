// One request and reply over a bare ZeroMQ socket, with nothing done in between.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <zmq.hpp>

namespace entente::bench {

// A thread that answers over tcp, and a client of it.
class BareService {
 public:
  BareService(std::size_t request_bytes, std::size_t reply_bytes);
  ~BareService();
  BareService(const BareService&) = delete;
  BareService& operator=(const BareService&) = delete;

  // Of the round trips that follow.
  void Resize(std::size_t request_bytes, std::size_t reply_bytes);
  // Seconds from the request to its reply.
  double RoundTripSeconds();

 private:
  std::string request_;
  std::atomic<std::size_t> reply_bytes_;
  zmq::context_t server_context_, client_context_;
  zmq::socket_t server_, client_;
  std::thread answering_;
};

// The median of some.
double RoundTripSeconds(std::size_t request_bytes, std::size_t reply_bytes);

}  // namespace entente::bench
