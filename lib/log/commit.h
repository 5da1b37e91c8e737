// A commit: everything one fsync made durable, as one value. docs/format.md has its bytes.
//
//     [header][event table: one fixed-width row an event][bodies][hash][checksum]
//
// A body is the deterministic serialisation of the NewEvent, content fields first; the row says
// where it begins and where content ends and carriage begins. From the table alone a reader can
// skip, count and route events. An erased event's body is zeros but for stream and id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "log/digest.h"
#include "values/error.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::log {

// One event of a commit, pointing into the commit's bytes.
struct EventView {
  Position position;
  Revision revision;
  RecordedTime recorded;
  std::string_view stream;
  std::string_view id;
  std::string_view content;         // a serialised NewEvent without its carriage fields
  std::string_view carriage;        // the carriage fields
  std::string_view body;            // both: parses as v1::NewEvent unless erased
  std::string_view content_digest;  // 32 bytes, SHA-256 of the content as it was appended
  std::string_view carriage_digest;
  std::uint32_t payload_field = 0;  // field number of the payload, as in v1::NewEvent
  std::uint32_t payload_version = 1;
  // Its facts may concern other subjects (domain::OtherSubjects); where false they do not.
  bool names_others = false;
  bool backfill = false;
  bool erased = false;
};

// Reads a commit. Holds no bytes of its own: `bytes` must outlive it. Immutable; thread-safe.
class CommitView {
 public:
  // Checks lengths, format version and checksum, so that what is read later cannot run out of
  // bounds. STORE_DAMAGED or STORE_FORMAT. Does not compute hashes: see Rehash.
  static Result<CommitView> Parse(std::string_view bytes);

  Position first() const { return head_.first; }
  Position last() const { return head_.first.Plus(head_.count - 1); }
  std::uint32_t count() const { return head_.count; }
  RecordedTime recorded() const { return head_.recorded; }
  // The wall clock when the commit was made, in ms since 1970 UTC; differs from recorded() after
  // the wall clock was set.
  std::int64_t wall_ms() const { return head_.wall_ms; }
  // Last position that was known to be synced when this commit was written.
  Position durable_through() const { return head_.durable_through; }
  // The append that ends here goes on in the next commit; both were written as one.
  bool continues() const { return head_.continues; }
  const Digest& previous_hash() const { return head_.previous; }
  // The chain's hash at the end of this commit, as stored.
  const Digest& hash() const { return head_.hash; }
  // The same computed from header and table.
  Digest Rehash(Sha256& sha) const;
  std::string_view bytes() const { return bytes_; }
  // 0 <= i < count().
  EventView event(std::uint32_t i) const;

 private:
  std::string_view bytes_;
  std::string_view rows_;
  std::string_view bodies_;
  struct Head {
    Position first;
    std::uint32_t count = 0;
    RecordedTime recorded;
    std::int64_t wall_ms = 0;
    Position durable_through;
    bool continues = false;
    Digest previous{};
    Digest hash{};
  } head_;
};

}  // namespace entente::log
