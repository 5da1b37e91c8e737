// What a reader of the log is answered.
#pragma once

#include <cstdint>
#include <optional>

#include "bus/frame.h"
#include "entente/v1/log.pb.h"
#include "log/log.h"
#include "values/error.h"

namespace entente::ingest {

inline constexpr std::uint32_t kReadBytesDefault = 1U << 20;
inline constexpr std::uint32_t kReadBytesMax = 16U << 20;  // of a request
// Bytes of commits after which a reply ends, whatever was asked for: with the last commit it still
// fits into a message, and its frames into a header.
inline constexpr std::uint64_t kReplyBytesMax = 8U << 20;

// The faults of the request, and whether the reader's chain is a prefix of ours. FIELD_INVALID,
// LOG_DIVERGED, STREAM_INVALID.
Status CheckRead(const v1::ReadLogRequest& request, const log::Log& log);

// The reply, if there is anything to answer with: commits, or events of the stream asked for.
// nullopt: nothing is there yet, and the log should be looked at again when it has grown.
Result<std::optional<bus::Message>> ReadLog(const v1::ReadLogRequest& request,
                                            std::uint64_t correlation, const log::Log& log);

// The reply when nothing came before the deadline. `next` is where to ask next.
bus::Message EmptyReadReply(const v1::ReadLogRequest& request, std::uint64_t correlation,
                            Position durable);

}  // namespace entente::ingest
