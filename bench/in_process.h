// The log in this process: append and scan beside raw RocksDB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "bench/figures.h"

namespace entente::bench {

struct Plan {
  std::filesystem::path directory;  // exists and is empty
  std::filesystem::path programs;   // where entente-ingest is
  std::uint64_t events = 1'000'000;
  std::size_t open = 8;            // batches of 1000 unanswered when pipelined
  std::uint64_t commit_bytes = 0;  // LogOptions::commit_bytes_max; 0: as it is
  std::vector<int> batches = {1, 100, 1000};
  double seconds = 0;  // of the large appends, at least: sustained

  // Events for a figure of this batch, so that each takes seconds.
  std::uint64_t events_one_at_a_time(int batch) const;
  std::uint64_t events_pipelined(int batch) const;
  // Batches unanswered, so that the events are about as many for each.
  std::size_t open_of(int batch) const;
};

void MeasureInProcess(const Plan& plan, Figures& figures);

}  // namespace entente::bench
