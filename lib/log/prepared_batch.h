// A batch made ready to be decided on: each event in its stored bytes, with its digests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/log.pb.h"
#include "log/digest.h"
#include "values/error.h"

namespace entente::log {

inline constexpr std::size_t kBatchEventsMax = 10'000;
inline constexpr std::size_t kBatchBytesMax = 16 << 20;

// Where the parts of a body lie. A body is a serialised NewEvent, content fields (1..99) first.
struct BodyLayout {
  std::uint32_t content_size = 0;
  std::uint32_t id_offset = 0;  // id and stream without tag and length
  std::uint16_t id_size = 0;
  std::uint16_t stream_offset = 0;
  std::uint16_t stream_size = 0;
  std::uint16_t payload_field = 0;
};

// Finds the parts by scanning the tags; parses nothing. FIELD_UNKNOWN if a content field lies
// behind a carriage field, MESSAGE_MALFORMED if it is no protobuf message.
Result<BodyLayout> ScanBody(std::string_view body);

struct PreparedEvent {
  std::uint32_t body_offset = 0;  // in PreparedBatch::bodies
  std::uint32_t body_size = 0;
  BodyLayout layout;
  bool names_others = false;
  bool backfill = false;
  Digest content{};
  Digest carriage{};
};

struct PreparedBatch {
  std::string bodies;
  std::vector<PreparedEvent> events;
  std::vector<v1::Expectation> expected;
  bool dry_run = false;
  Errors errors;  // events that cannot be stored; not empty: the rest is incomplete

  std::string_view body(const PreparedEvent& event) const {
    return std::string_view(bodies).substr(event.body_offset, event.body_size);
  }
  std::string_view id(const PreparedEvent& event) const {
    return body(event).substr(event.layout.id_offset, event.layout.id_size);
  }
  std::string_view stream(const PreparedEvent& event) const {
    return body(event).substr(event.layout.stream_offset, event.layout.stream_size);
  }
};

// Faults of the batch's own form: its size (`bytes`, serialised), its expectations. The events'
// form is checked by domain::CheckEvent.
Errors CheckForm(const v1::AppendRequest& batch, std::size_t bytes);

// Serialises each event as it will be stored, fills in missing ids, takes both digests. Depends on
// nothing but the batch. `bytes` is what batch.ByteSizeLong() returned: it leaves the size of each
// event cached, and counting them again is a good part of serialising.
PreparedBatch Prepare(const v1::AppendRequest& batch, std::size_t bytes, Sha256& sha);

}  // namespace entente::log
