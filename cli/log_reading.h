// The commits of a log, one after the other: of a running ingest, or of a directory nobody holds.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "cli/session.h"
#include "log/commit.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::cli {

struct LogReading {
  Position durable;  // the log's head when reading began
};

// Calls `take` for each commit from the one that holds `from` on, up to the one that holds `until`;
// without one, up to the log's head at the start. It ends early when `take` fails. Asks ingest
// where one runs on the session's directory or was named, else opens the directory itself
// (STORE_BUSY, LOG_LOST, STORE_DAMAGED).
Result<LogReading> ReadCommits(Session& session, Position from,
                               const std::function<Status(const log::CommitView&)>& take,
                               std::optional<Position> until = std::nullopt);

}  // namespace entente::cli
