// The log as lines, and lines as a log: an exact copy, byte for byte, that people can read.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "entente/v1/log.pb.h"
#include "log/chain_point.h"
#include "log/commit.h"
#include "values/error.h"

namespace entente::log {

// The lines of a commit: itself, then each of its events. A log is dumped by reading its commits
// in order, from wherever (Log::Read, or from the ingest service).
std::vector<v1::DumpLine> ToDumpLines(const CommitView& commit);

// Makes a log from the lines of a dump, in their order. Each commit is encoded anew and must come
// out with the hash that the dump gives, so that nothing is loaded but what was dumped. There is no
// log until Finish: a load that was broken off leaves a directory `loading`, which the next
// removes.
class LogLoader {
 public:
  // In a directory that holds no log yet: FILE_UNREADABLE otherwise; STORE_BUSY, STORE_IO.
  static Result<LogLoader> Open(const std::filesystem::path& directory);
  LogLoader(LogLoader&&) noexcept;
  LogLoader& operator=(LogLoader&&) noexcept;
  ~LogLoader();

  // After an error the load is void. FIELD_INVALID: the line does not follow the one before it;
  // LOG_DIVERGED: events and hash of a commit do not belong together.
  Status Add(const v1::DumpLine& line);
  // Makes everything durable, and a log of it; FIELD_REQUIRED if lines are missing at the end.
  Result<ChainPoint> Finish();

 private:
  struct State;
  explicit LogLoader(std::unique_ptr<State> state);
  Status Begin(const v1::DumpedCommit& commit);
  Status Collect(const v1::DumpLine& line);
  Status Write();
  std::unique_ptr<State> state_;
};

}  // namespace entente::log
