// Which append requests the log gets to see. Pure.
#pragma once

#include <cstddef>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/log.pb.h"
#include "values/error.h"

namespace entente::ingest {

inline constexpr int kBatchEventsMax = 10'000;
// One event, serialised; so that a commit always fits into a message.
inline constexpr std::size_t kEventBytesMax = 1U << 20;

// All faults of the request's form, the request's own before those of its events, each with its
// path (`events[3].meeting_postponed.old_date.edtf`, `expected[0].stream`). Empty: admitted. What
// the log holds already is not looked at.
Errors CheckAppend(const v1::AppendRequest& request, const domain::PartyRegistry& parties,
                   const domain::Vocabulary& vocabulary);

}  // namespace entente::ingest
