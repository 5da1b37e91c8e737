// Which services run on a data directory, and where they take requests: DATA/endpoints.toml.
//
//     [ingest]
//     endpoint = "tcp://127.0.0.1:7400"
//     pid = 4711
//
// Each service enters itself at its start and takes itself out when it stops cleanly. An entry
// whose process is gone is left by a crash: readers pass over it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>

#include "values/error.h"

namespace entente::settings {

struct RunningService {
  std::string endpoint;
  std::string tail;  // of query only: where it publishes
  pid_t pid = 0;
};

// By name: ingest, projector, query. Only those whose process exists. No file is no service.
// CONFIG_INVALID for a file that is none of ours, FILE_UNREADABLE.
Result<std::map<std::string, RunningService>> ReadRunning(const std::filesystem::path& data);

// An entry, for as long as this lives.
class RunningEntry {
 public:
  // Enters this process. FILE_UNREADABLE.
  static Result<RunningEntry> Enter(const std::filesystem::path& data, const std::string& service,
                                    const std::string& endpoint, const std::string& tail = "");
  RunningEntry(RunningEntry&& other) noexcept;
  RunningEntry& operator=(RunningEntry&&) = delete;
  ~RunningEntry();  // takes it out

 private:
  RunningEntry(std::filesystem::path data, std::string service);
  std::filesystem::path data_;  // empty: moved from
  std::string service_;
};

}  // namespace entente::settings
