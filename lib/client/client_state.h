// What a client consists of, for the files of this folder.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <zmq.hpp>

#include "bus/dealer.h"
#include "bus/loop.h"
#include "client/client.h"

namespace entente::client {

// The members' order matters: connections go before loop and context.
struct Client::State {
  State(Endpoints endpoints_in, std::chrono::milliseconds timeout_in)
      : endpoints(std::move(endpoints_in)), timeout(timeout_in) {}

  const Endpoints endpoints;
  const std::chrono::milliseconds timeout;
  zmq::context_t context;
  bus::Loop loop;
  std::unique_ptr<bus::Dealer> ingest;
  std::unique_ptr<bus::Dealer> projector;
  std::unique_ptr<bus::Dealer> query;

  // A new connection. ENDPOINT_REFUSED.
  Result<std::unique_ptr<bus::Dealer>> Connect(const std::string& endpoint,
                                               const std::string& service);
};

}  // namespace entente::client
