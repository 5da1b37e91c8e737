// What else keeps a log of events, given the same bytes on the same machine. Each is started for
// the measurement, on a free port and in a directory of its own, and stopped afterwards.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "bench/figures.h"
#include "bench/in_process.h"
#include "bench/race.h"
#include "values/error.h"

namespace entente::bench {

// Redis Streams, appendonly with appendfsync always: one XADD for each event, pipelined, so that
// Redis may sync once for many. NOT_FOUND: says what is not installed.
Result<std::unique_ptr<Contender>> StartRedis(const std::filesystem::path& directory,
                                              std::size_t open_events);

// NATS JetStream, file storage, as it comes: acknowledged before it is synced. NOT_FOUND.
Result<std::unique_ptr<Contender>> StartNats(const std::filesystem::path& directory,
                                             std::size_t open_events);

void MeasurePeers(const Plan& plan, Figures& figures);

}  // namespace entente::bench
