// What else hands over a log of events from its beginning, given the same bytes on the same
// machine.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "values/error.h"

namespace entente::bench {

// Calls `take` with the bytes of each event, in order.
using EachBody = std::function<void(const std::function<void(std::string_view)>& take)>;

// Events a second that an ordered consumer of NATS JetStream is handed, from the first to the last:
// file storage, over tcp on this machine, each message looked at no further. NOT_FOUND: says what
// is not installed.
Result<double> NatsReplayRate(const std::filesystem::path& directory, const EachBody& bodies);

}  // namespace entente::bench
