// Rows in key order, from wherever they are stored.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "values/error.h"
#include "views/view_store.h"

namespace entente::views {

struct StoredRow {
  std::string key;
  std::string value;
};

// One thread.
class RowStream {
 public:
  virtual ~RowStream() = default;
  // The next row; nullopt behind the last. STORE_DAMAGED where what is stored cannot be read, or
  // whatever stands between us and the store.
  virtual Result<std::optional<StoredRow>> Next() = 0;
};

// All rows of a snapshot but the store's own. The snapshot must outlive the stream.
std::unique_ptr<RowStream> RowsOf(const Snapshot& snapshot);

}  // namespace entente::views
