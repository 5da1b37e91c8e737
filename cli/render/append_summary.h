// What became of the events of a file.
#pragma once

#include <cstdint>
#include <string>

#include "cli/render/style.h"

namespace entente::cli::render {

struct AppendSummary {
  std::uint64_t appended = 0;
  std::uint64_t backfill = 0;  // of them
  std::uint64_t duplicates = 0;
  std::uint64_t refused = 0;
  std::uint64_t not_sent = 0;  // after the service went away
  std::uint64_t head = 0;      // durable position of the log afterwards; 0: not known
  bool dry_run = false;
};

// "20 appended (18 as history), 2 duplicates, none refused. The log stands at position 22."
std::string Summary(const AppendSummary& summary, const Style& style);

}  // namespace entente::cli::render
