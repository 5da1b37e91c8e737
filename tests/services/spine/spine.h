// Ingest, projector and query on one directory, in this process.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "client/client.h"
#include "services/ingest/service.h"
#include "services/projector/service.h"
#include "services/query/service.h"

namespace entente::spine {

// Nothing takes this long but a failure.
inline constexpr std::chrono::seconds kPatience{30};

// Until `condition` holds; false after kPatience.
bool Await(const std::function<bool()>& condition);

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Endpoints are ipc sockets in the directory, so that they are known before anything runs, and a
// part that is started again is found where it was.
class Spine {
 public:
  Spine();

  // EXPECT that they start.
  void StartIngest();
  // `given` says which rules and policies; where it works and listens is filled in.
  void StartProjector(projector::Config given = {});
  // It holds the durable subscriptions, in `data`/subscriptions, unless they are said to be
  // elsewhere.
  void StartQuery(const std::string& subscriptions_at = "");
  void StartAll();
  void StopIngest() { ingest_.reset(); }
  void StopProjector() { projector_.reset(); }
  void StopQuery() { query_.reset(); }

  // Builds the views anew without services: projector and ingest are stopped. EXPECTs that it
  // succeeds, and says whether it did.
  bool RebuildStopped();

  const std::filesystem::path& data() const { return directory_.path(); }
  const client::Endpoints& endpoints() const { return endpoints_; }
  zmq::context_t& context() { return context_; }
  projector::Service& projector() { return *projector_; }

  // Appends and returns the last position; EXPECTs that it succeeds.
  std::uint64_t Append(std::vector<v1::NewEvent> events);
  // Numbered(first) to Numbered(last).
  std::uint64_t AppendNumbered(int first, int last);

  // Status, once `holds`; what it was last if it never does.
  v1::StatusReply AwaitStatus(client::Client::Service service,
                              const std::function<bool(const v1::StatusReply&)>& holds);
  // Waits until the service's checkpoint is at `position`, or above.
  bool AwaitCheckpoint(client::Client::Service service, std::uint64_t position);

 private:
  TemporaryDirectory directory_;
  zmq::context_t context_;
  client::Endpoints endpoints_;
  std::unique_ptr<ingest::Service> ingest_;
  std::unique_ptr<projector::Service> projector_;
  std::unique_ptr<query::Service> query_;
};

}  // namespace entente::spine
