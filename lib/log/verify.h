// Is the log what it was when it was written? Names the first break.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "log/chain_point.h"
#include "log/chain_walk.h"
#include "log/commit.h"
#include "log/erasure_order.h"
#include "log/index_keys.h"
#include "log/key_tables.h"
#include "values/error.h"
#include "values/recorded_time.h"

namespace entente::log {

struct VerifyReport {
  ChainPoint end;  // how far the log is whole
  std::uint64_t commits = 0;
  std::uint64_t events = 0;
  std::uint64_t streams = 0;
  std::vector<ErasureOrder> erased;           // carried out, in the order of the positions erased
  std::vector<ErasureOrder> not_carried_out;  // the body is there yet: opening the log empties it
  RecordedTime first_recorded;
  RecordedTime last_recorded;
  std::optional<Error> first_break;  // file or position, and what is wrong there
  std::vector<std::string> notes;
};

// Checks commits as they pass, from the first of a log on: lengths, gaps, chain, digests of content
// and carriage, table against bodies, revisions, recorded times. Pure. Holds 16 bytes a stream.
class LogVerifier {
 public:
  LogVerifier();
  // False once something is wrong; nothing is looked at after that.
  bool Step(const CommitView& commit);
  // What is wrong; nullopt until Step gave false.
  const std::optional<Error>& first_break() const { return report_.first_break; }
  // What was found, after the last commit.
  VerifyReport Finish() &&;

 private:
  Status CheckCommit(const CommitView& commit);
  Status CheckEvent(const EventView& event);

  VerifyReport report_;
  ChainWalk walk_;
  KeyMaker keys_;
  RevisionTable revisions_;
  std::set<Position> empty_;
  std::map<Position, ErasureOrder> orders_;  // by the position to be erased
  Sha256 sha_;
};

// Verifies the log in a directory without changing it. It must not be in use: STORE_BUSY. A damaged
// log is no error but a report with its first break. `progress` is told the positions passed.
Result<VerifyReport> VerifyLog(const std::filesystem::path& directory,
                               const std::function<void(Position)>& progress = nullptr);

}  // namespace entente::log
