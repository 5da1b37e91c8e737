// The commits of a log, one after the other: of a running ingest, or of a directory nobody holds.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "cli/session.h"
#include "log/commit.h"
#include "values/error.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::cli {

// Where to begin: at a position, and at what was recorded at a time or later.
struct LogBeginning {
  Position position{1};
  std::optional<RecordedTime> recorded = std::nullopt;
};

struct LogReading {
  Position durable;  // the log's head when reading began
};

// Ingest runs on the session's directory, or one was named.
bool IngestRuns(const Session& session);

// Calls `take` for each commit from the one that holds `from` on, up to the one that holds `until`;
// without one, up to the log's head at the start. It ends early when `take` fails. Asks ingest
// where one runs, else reads the directory and changes nothing there (FILE_UNREADABLE, STORE_BUSY,
// LOG_LOST, STORE_DAMAGED).
Result<LogReading> ReadCommits(Session& session, const LogBeginning& from,
                               const std::function<Status(const log::CommitView&)>& take,
                               std::optional<Position> until = std::nullopt);

}  // namespace entente::cli
