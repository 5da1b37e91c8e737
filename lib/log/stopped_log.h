// A log that no process uses, read as it lies there: nothing is repaired, cut or built.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "log/chain_point.h"
#include "log/directory_lock.h"
#include "log/log.h"
#include "log/rocks_store.h"
#include "values/error.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::log {

// Holds the directory while it lives. Any thread may read.
class StoppedLog {
 public:
  // Walks the whole chain. FILE_UNREADABLE where there is no log, STORE_BUSY where one runs,
  // LOG_LOST, STORE_DAMAGED, STORE_FORMAT where Log::Open would refuse it too.
  static Result<StoppedLog> Open(const std::filesystem::path& directory);

  // The end of what Log::Open would go on from.
  const ChainPoint& head() const { return head_; }
  // As those of Log.
  Result<CommitRange> Read(Position from, std::uint64_t max_bytes) const;
  Result<Position> AtTime(RecordedTime time) const;

 private:
  StoppedLog(DirectoryLock lock, std::unique_ptr<RocksStore> store, const ChainPoint& head);

  DirectoryLock lock_;
  std::unique_ptr<RocksStore> store_;
  ChainPoint head_;
};

}  // namespace entente::log
