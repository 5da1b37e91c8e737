// The projector: reads the log from ingest, projects it into the views it owns, and sends the
// rows to the replicas of query.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "services/projector/poison.h"
#include "services/projector/projection.h"
#include "values/error.h"
#include "views/projection_rules.h"
#include "views/view_store.h"

namespace entente::projector {

struct Config {
  std::filesystem::path data = {};  // the views lie in data/views
  std::string ingest = "tcp://127.0.0.1:7400";
  std::string listen = "tcp://127.0.0.1:7401";
  bool allow_plaintext = false;
  std::string marker = {};
  PoisonPolicy poison = PoisonPolicy::kPark;
  // For tests: how long a log is far beyond an empty store, the projection of a version to come,
  // and what is called at named points of a rebuild.
  std::uint64_t far_behind = Projection::Options().far_behind;
  views::ProjectionRules rules = views::ProjectionRules::BuiltIn();
  std::function<void(std::string_view)> at_point = {};
};

// Runs on a thread of its own from Start to Stop. Ingest may come up later.
class Service {
 public:
  static Result<std::unique_ptr<Service>> Start(const Config& config, zmq::context_t& context);
  virtual ~Service() = default;
  virtual void Stop() = 0;
  virtual const std::string& endpoint() const = 0;
  // The views it writes, for a query of the same process to read: one copy for both. Another one
  // once another generation has taken over. By any thread.
  virtual std::shared_ptr<views::ViewStore> store() const = 0;
};

}  // namespace entente::projector
