// A commit: everything one fsync made durable, as one value. docs/format.md has its bytes.
//
//     [header][event table: one fixed-width row an event][bodies][checksum]
//
// A body is the deterministic serialisation of the NewEvent, content fields first; the row says
// where it begins and where content ends and carriage begins. From the table alone a reader can
// skip, count and route events.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "values/error.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::log {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256

// One event of a commit, pointing into the commit's bytes.
struct EventView {
  Position position;
  Revision revision;
  RecordedTime recorded;
  std::string_view stream;
  std::string_view id;
  std::string_view content;         // a serialised NewEvent without its carriage fields
  std::string_view carriage;        // the carriage fields
  std::string_view body;            // both: parses as v1::NewEvent
  std::uint32_t payload_field = 0;  // field number of the payload, as in v1::NewEvent
  std::uint32_t payload_version = 1;
  bool names_others = false;  // OtherSubjects() of its facts is not empty
  bool backfill = false;
  bool erased = false;
};

// Reads a commit. Holds no bytes of its own: `bytes` must outlive it. Immutable; thread-safe.
class CommitView {
 public:
  // Checks lengths, format version and checksum, so that what is read later cannot run out of
  // bounds. STORE_DAMAGED or STORE_FORMAT.
  static Result<CommitView> Parse(std::string_view bytes);

  Position first() const;
  Position last() const;
  std::uint32_t count() const;
  RecordedTime recorded() const;
  Position durable_through() const;
  const Digest& previous_hash() const;
  const Digest& hash() const;
  std::string_view bytes() const;
  // 0 <= i < count().
  EventView event(std::uint32_t i) const;

 private:
  std::string_view bytes_;
  // Filled by Parse; the owner of this file decides what else it keeps.
  struct Head {
    Position first;
    std::uint32_t count = 0;
    RecordedTime recorded;
    Position durable_through;
    Digest previous{};
    Digest hash{};
  } head_;
};

}  // namespace entente::log
