// Opening a log: what is there, is it whole, and where does it end.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "log/appender.h"
#include "log/index.h"
#include "log/log.h"
#include "log/rocks_store.h"

namespace entente::log {

// A log on disk, verified and ready to be appended to.
struct OpenedLog {
  std::unique_ptr<RocksStore> store;
  std::unique_ptr<Index> index;
  AppendState state;
  std::vector<std::shared_ptr<const Segment>> sealed;  // to be handed to the index, in order
  Position indexed_to;
};

// Opens store and index in `directory`, which the caller holds locked. Walks the chain from the
// last indexed commit to the end and puts the events it passes into the tail; everything found is
// synced before it returns. LOG_LOST, STORE_DAMAGED, STORE_FORMAT, STORE_IO.
Result<OpenedLog> OpenLog(const std::filesystem::path& directory, const LogOptions& options);

}  // namespace entente::log
