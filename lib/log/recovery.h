// Opening a log: what is there, is it whole, and where does it end.
//
// The rule: what was once durable must be there, unbroken, or opening is refused. Evidence of
// durability is the witness, the index, and `durable_through` in every commit that can still be
// read, in a damaged WAL too. What lies behind a gap or in an unfinished append, and of which no
// evidence says that it was durable, was never acknowledged and is cut.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "log/appender.h"
#include "log/erasure_order.h"
#include "log/extent.h"
#include "log/index.h"
#include "log/log.h"
#include "log/rocks_store.h"

namespace entente::log {

// A log on disk, verified and ready to be appended to.
struct OpenedLog {
  std::unique_ptr<RocksStore> store;
  std::unique_ptr<Index> index;
  AppendState state;
  Position indexed_to;
  std::uint64_t reread = 0;          // events that the index did not know
  std::vector<ErasureOrder> orders;  // all that the log holds; carried out
  std::vector<std::string> notes;    // what had to be done, in sentences
};

// Where things lie in a log's directory.
struct LogFiles {
  explicit LogFiles(const std::filesystem::path& directory)
      : commits(directory / "commits"),
        index(directory / "index"),
        witness(directory / "witness"),
        damaged(directory / "damaged"),
        loading(directory / "loading"),
        erasing(directory / "erasing") {}
  std::filesystem::path commits;
  std::filesystem::path index;
  std::filesystem::path witness;
  std::filesystem::path damaged;  // copies of WAL files that could not be read whole
  std::filesystem::path loading;  // a load of a dump that is not through
  std::filesystem::path erasing;  // PendingRemovals
};

// A store opened only to look at it.
struct ExaminedStore {
  std::unique_ptr<RocksStore> store;
  Extent extent;                // all that was ever durable is in it
  std::optional<Error> damage;  // of a WAL, behind all that was durable
};

// Opens the store without changing anything and decides whether it holds all that was ever durable,
// by the witness, the index and what the WAL files still say. LOG_LOST, STORE_DAMAGED,
// STORE_FORMAT, STORE_IO.
Result<ExaminedStore> ExamineStore(const LogFiles& files, rocksdb::Env* env,
                                   const ChainPoint& indexed_to, const ChainPoint& witness);

// Opens store and index in `directory`, which the caller holds locked. Walks the chain from the
// last indexed commit to the end and puts the events it passes into the tail; everything found is
// synced before it returns, and what was ordered to be erased is erased. LOG_LOST, STORE_DAMAGED,
// STORE_FORMAT, STORE_IO; refusing changes nothing that recovery by hand would need.
Result<OpenedLog> OpenLog(const std::filesystem::path& directory, const LogOptions& options);

}  // namespace entente::log
