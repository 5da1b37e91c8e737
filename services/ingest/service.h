// The ingest service: checks events, appends them to the log it owns, and lets others read it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "values/error.h"

namespace entente::ingest {

struct Config {
  std::filesystem::path data;  // the log lies in data/log
  std::string listen = "tcp://127.0.0.1:7400";
  bool allow_plaintext = false;
  std::string marker;  // such as SAMPLE, for status
};

// Runs on a thread of its own from Start to Stop. Start returns once requests are taken.
class Service {
 public:
  static Result<std::unique_ptr<Service>> Start(const Config& config, zmq::context_t& context);
  virtual ~Service() = default;  // stops
  // Refuses new work, waits for what is in flight, ends the thread.
  virtual void Stop() = 0;
  virtual const std::string& endpoint() const = 0;
};

}  // namespace entente::ingest
