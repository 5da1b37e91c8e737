// Opening what is kept of durable subscriptions: is it whole, and where does it end.
//
// The rule is the log's (docs/adr/0012): what was once on disk must be there, or opening is
// refused. Evidence is the witness file and `durable` in every head that can still be read, in a
// damaged WAL too. What lies behind was answered to nobody and may be missing, as a whole: the sum
// in the head shows a hole.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "services/query/group_rows.h"
#include "values/error.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace entente::query {

// Where things lie in the directory.
struct GroupFiles {
  explicit GroupFiles(const std::filesystem::path& directory)
      : rows(directory / "rows"), witness(directory / "witness"), damaged(directory / "damaged") {}
  std::filesystem::path rows;
  std::filesystem::path witness;
  std::filesystem::path damaged;  // copies of WAL files that could not be read whole
};

struct OpenedGroupRows {
  std::unique_ptr<rocksdb::DB> db;
  GroupHead head;
  std::optional<std::string> note;  // what had to be done, in a sentence
};

// Everything found is in synced files when it returns. `env` nullptr: the machine's. STORE_FORMAT,
// STORE_DAMAGED, STORE_IO; refusing changes nothing that recovery by hand would need.
Result<OpenedGroupRows> OpenGroupRows(const std::filesystem::path& directory, rocksdb::Env* env);

}  // namespace entente::query
