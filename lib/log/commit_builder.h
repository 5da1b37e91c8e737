// Encodes a commit.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "log/digest.h"
#include "log/prepared_batch.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::log {

struct CommitHead {
  Position first;
  RecordedTime recorded;
  std::int64_t wall_ms = 0;
  Position durable_through;
  Digest previous{};
  bool continues = false;
};

// An event with the place it was given.
struct AdmittedEvent {
  const PreparedEvent* event = nullptr;
  std::string_view body;
  Revision revision;
  std::uint16_t payload_version = 1;
};

struct EncodedCommit {
  std::string bytes;
  Digest hash{};
};

// At least one event; together less than 4 GiB.
EncodedCommit EncodeCommit(const CommitHead& head, std::span<const AdmittedEvent> events,
                           Sha256& sha);

}  // namespace entente::log
