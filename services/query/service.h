// The query service: answers from its replica of the views, and pushes subscriptions from the
// change feed.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "values/error.h"
#include "views/view_store.h"

namespace entente::query {

struct Config {
  std::filesystem::path data;  // the replica lies in data/replica; unused with shared_store
  std::string projector = "tcp://127.0.0.1:7401";
  std::string ingest;  // to compare the chain with; empty: by the projector only
  std::string listen = "tcp://127.0.0.1:7402";
  std::string tail = "tcp://127.0.0.1:7403";  // PUB
  // Where durable subscriptions lie. Empty: another query holds them, at `subscriptions_at` if it
  // is known.
  std::filesystem::path subscriptions = {};
  std::string subscriptions_at = {};
  bool allow_plaintext = false;
  std::string marker;
  // In `entente serve`: gives the projector's own store of the moment, read and never written here;
  // called by the service's thread.
  std::function<std::shared_ptr<views::ViewStore>()> shared_store = {};
};

// Runs on a thread of its own from Start to Stop. The projector may come up later.
class Service {
 public:
  static Result<std::unique_ptr<Service>> Start(const Config& given, zmq::context_t& context);
  virtual ~Service() = default;
  virtual void Stop() = 0;
  virtual const std::string& endpoint() const = 0;
  virtual const std::string& tail_endpoint() const = 0;
};

}  // namespace entente::query
