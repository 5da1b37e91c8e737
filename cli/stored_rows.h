// The rows of the views as they are stored: of a running projector, or of a directory nobody holds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cli/session.h"
#include "log/chain_point.h"
#include "values/error.h"
#include "views/verify/row_stream.h"

namespace entente::cli {

// A stream of rows that all are of one position.
class StoredRows : public views::RowStream {
 public:
  struct About {
    std::string generation;
    std::uint32_t projection_version = 0;
    log::ChainPoint at;
  };
  virtual const About& about() const = 0;
};

// Of the session's projector where one runs or was named: as it answers a replica, from a snapshot
// that it keeps as long as chunks are asked for (30 seconds; then NOT_FOUND), while it goes on
// working. Else of the current generation in the session's directory, which is only read:
// STORE_BUSY where somebody holds it after all.
Result<std::unique_ptr<StoredRows>> OpenStoredRows(Session& session);

}  // namespace entente::cli
