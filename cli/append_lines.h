// Reads events line by line and appends them, batch after batch: what `append`, `import` and `log
// load --append` do.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/quarantine.h"
#include "cli/session.h"
#include "entente/v1/event.pb.h"
#include "values/error.h"

namespace entente::cli {

inline constexpr int kBatchEventsMax = 10'000;

struct AppendLinesOptions {
  std::string file;  // "-": standard input
  // nullopt: a line that holds nothing to append.
  std::function<Result<std::optional<v1::NewEvent>>(std::string_view line)> parse;
  bool dry_run = false;
  bool backfill = false;              // set on every event
  bool atomic = false;                // one batch, all or nothing
  std::vector<std::string> expected;  // STREAM=WHAT
  int batch = 500;
  unsigned window = 4;               // batches under way at a time
  Quarantine* quarantine = nullptr;  // where refused lines are kept; null: nowhere
};

// Prints the fault of each refused line and a summary to standard error. The lines of a batch that
// are not at fault are sent again without those that are, behind the batches under way. Where a
// refused line cannot be kept, nothing more is sent.
ExitCode AppendLines(const AppendLinesOptions& options, Session& session);

}  // namespace entente::cli
