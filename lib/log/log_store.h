// Where commits are kept: the seam between the log and a storage engine. Positions, revisions, ids
// and the chain live above it, once.
//
//     Write -> written, visible to Read, not yet durable
//     Sync  -> everything written before the call is durable
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "values/error.h"
#include "values/position.h"

namespace entente::log {

// A commit's bytes and the positions it spans.
struct StoredCommit {
  Position first;
  Position last;
  std::string bytes;
};

// One thread writes; one thread, the same or another, syncs, and may do so while the first writes;
// any thread reads. After a failed Write or Sync the store is only good for reading: what the disk
// holds is known again only after it was opened anew.
class LogStore {
 public:
  virtual ~LogStore() = default;

  // Appends commits in one piece: after a crash all of them are there or none. `expected_head` is
  // the last position written before; ABORTED-like misuse is INTERNAL. STORE_IO on failure.
  virtual Status Write(Position expected_head, std::span<const StoredCommit> commits) = 0;
  // Last position written, durable or not.
  virtual Position head() const = 0;
  // Returns the head up to which everything is durable now. STORE_IO on failure.
  virtual Result<Position> Sync() = 0;

  // Commits in order, from the one that holds `from` (or the first after it) while they end at or
  // before `to`, until `max_bytes` are exceeded; at least one if there is one. What cannot be read
  // ends the page; at its beginning it is STORE_DAMAGED or STORE_IO with the position that should
  // have come.
  virtual Result<std::vector<std::string>> Read(Position from, Position to,
                                                std::uint64_t max_bytes) const = 0;
};

}  // namespace entente::log
