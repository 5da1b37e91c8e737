#include "bench/round_trip.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "bench/race.h"

namespace entente::bench {

BareService::BareService(std::size_t request_bytes, std::size_t reply_bytes)
    : request_(std::max<std::size_t>(1, request_bytes), 'q'),
      reply_bytes_(reply_bytes),
      server_(server_context_, ZMQ_ROUTER),
      client_(client_context_, ZMQ_DEALER) {
  server_.bind("tcp://127.0.0.1:*");
  client_.connect(server_.get(zmq::sockopt::last_endpoint));
  answering_ = std::thread([this] {
    std::string reply;
    zmq::message_t identity, request;
    while (true) {
      (void)server_.recv(identity);
      (void)server_.recv(request);
      if (request.empty()) return;
      reply.resize(reply_bytes_, 'r');
      server_.send(identity, zmq::send_flags::sndmore);
      server_.send(zmq::buffer(reply), zmq::send_flags::none);
    }
  });
}

BareService::~BareService() {
  client_.send(zmq::message_t(), zmq::send_flags::none);
  answering_.join();
}

void BareService::Resize(std::size_t request_bytes, std::size_t reply_bytes) {
  request_.resize(std::max<std::size_t>(1, request_bytes), 'q');
  reply_bytes_ = reply_bytes;
}

double BareService::RoundTripSeconds() {
  zmq::message_t reply;
  const auto begin = std::chrono::steady_clock::now();
  client_.send(zmq::buffer(request_), zmq::send_flags::none);
  (void)client_.recv(reply);
  return SecondsSince(begin);
}

double RoundTripSeconds(std::size_t request_bytes, std::size_t reply_bytes) {
  constexpr std::size_t kRounds = 2'001;
  BareService bare(request_bytes, reply_bytes);
  std::vector<double> seconds;
  while (seconds.size() < kRounds) seconds.push_back(bare.RoundTripSeconds());
  const auto middle = seconds.begin() + kRounds / 2;
  std::ranges::nth_element(seconds, middle);
  return *middle;
}

}  // namespace entente::bench
