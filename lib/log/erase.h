// Erasing an event of a log that no process uses: its body is gone, its place, digests and id stay.
//
//     find -> order (an event, durable) -> body emptied, old bytes removed
//
// The last step is what opening a log does (carry_out_erasures.h), so that a crash behind the order
// leaves nothing for anybody to remember.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "entente/v1/log.pb.h"
#include "log/erasure_order.h"
#include "log/log.h"
#include "values/error.h"

namespace entente::log {

struct ErasureTarget {
  v1::RecordedEvent event;  // of an empty body: stream and id only
  std::optional<ErasureOrder> order;
  bool empty = false;  // the order, if any, was carried out
};

// Verifies the whole log, changing nothing, and finds an event in it. NOT_FOUND: there is no such
// position; FIELD_INVALID: it is one of the log's own (admin/...); STORE_DAMAGED, LOG_LOST: the log
// is not whole; STORE_BUSY, FILE_UNREADABLE, STORE_IO.
Result<ErasureTarget> FindErasureTarget(const std::filesystem::path& directory, Position position);

// Orders the event at a position to be erased and carries it out: when this returns no file of the
// log holds anything of its body but stream and id. An event that was ordered to be erased before
// is not ordered again; that order is returned, carried out. Errors as above.
Result<ErasureOrder> EraseEvent(const std::filesystem::path& directory, Position position,
                                const std::string& authority, const std::string& why,
                                const LogOptions& options = {});

}  // namespace entente::log
