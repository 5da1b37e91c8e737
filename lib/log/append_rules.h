// What may be appended: ids for ever, content compared, revisions as expected. Pure.
//
//     1. ids        known with the same content: a duplicate, answered with its first position
//                   known with other content: a conflict
//     2. revisions  of the streams that still get an event, and of streams that are only guarded
//
// All faults are found before anything is changed: a batch is stored whole or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "log/prepared_batch.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::log {

// An event that the log holds already.
struct KnownEvent {
  Position position;
  Revision revision;
  Digest content{};
};

// What becomes of one event of a batch.
struct Verdict {
  enum class Kind : std::uint8_t {
    kNew,
    kKnown,  // in the log: `known`
    kTwin,   // stands twice in the batch: `twin` is its first place
  };
  Kind kind = Kind::kNew;
  KnownEvent known;
  std::uint32_t twin = 0;
};

struct Decision {
  Errors errors;  // not empty: the batch is refused; of events in their order, then expectations
  std::vector<Verdict> verdicts;
  std::uint32_t new_events = 0;
};

// `known` has one entry for each event of the batch; `last_revision` answers as of before it.
Decision Decide(const PreparedBatch& batch, std::span<const std::optional<KnownEvent>> known,
                const std::function<Revision(std::string_view stream)>& last_revision);

}  // namespace entente::log
