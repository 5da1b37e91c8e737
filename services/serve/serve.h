// All of Entente in one process: ingest, projector and query on one data directory, with one copy
// of the views that projector writes and query reads. What `entente serve` runs, and what programs
// and tests embed.
//
//     auto server = serve::Server::Start({.data = "/var/lib/entente"});
//     client::Client client((*server)->endpoints());
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "client/client.h"
#include "services/projector/poison.h"
#include "values/error.h"

namespace entente::serve {

struct Config {
  // The log lies in data/log, the views in data/views. Made if it is not there.
  std::filesystem::path data;
  // Instead of `data`: a temporary directory of its own, removed at the end.
  bool ephemeral = false;
  // Where each part listens; port `*` takes a free one, which endpoints() then names.
  std::string ingest = "tcp://127.0.0.1:7400";
  std::string projector = "tcp://127.0.0.1:7401";
  std::string query = "tcp://127.0.0.1:7402";
  std::string tail = "tcp://127.0.0.1:7403";
  std::filesystem::path subscriptions = {};  // empty: data/subscriptions
  bool allow_plaintext = false;              // beyond loopback and ipc
  std::string marker = {};                   // such as SAMPLE, shown in status
  projector::PoisonPolicy poison = projector::PoisonPolicy::kPark;
};

// A running Entente. The parts run on threads of their own; this object is used by one thread at
// a time.
class Server {
 public:
  // Returns once all three parts take requests and can be found by the data directory
  // (settings/running.h). CONFIG_INVALID, STORE_BUSY, STORE_FORMAT, STORE_DAMAGED, LOG_LOST,
  // ENDPOINT_REFUSED, FILE_UNREADABLE; then nothing is left running. Views that do not fit the log
  // (LOG_DIVERGED) do not stop it from starting; projector's status says so, in red.
  static Result<std::unique_ptr<Server>> Start(const Config& config);
  // Stops, and removes an ephemeral directory.
  virtual ~Server() = default;

  // Stops the parts in the order query, projector, ingest, each once it has finished what it
  // took: at no time does a part miss the one it reads from. Twice is once.
  virtual void Stop() = 0;

  // What was bound, with ports filled in.
  virtual const client::Endpoints& endpoints() const = 0;
  virtual const std::filesystem::path& data() const = 0;
};

}  // namespace entente::serve
