// Places in the log, in a stream and in the change feed.
#pragma once

#include <compare>
#include <cstdint>

#include "values/strong.h"

namespace entente {

// Place of an event in the log: 1 for the first, without gaps. Position() is "before the first".
using Position = Strong<struct PositionTag, std::uint64_t>;

// Place of an event in its stream: 1 for the first, without gaps. Revision() is "no stream".
using Revision = Strong<struct RevisionTag, std::uint64_t>;

// Counts the changes that one event caused, from 0.
using Ordinal = Strong<struct OrdinalTag, std::uint16_t>;

// A place in the change feed. Cursor() is before the first change.
struct Cursor {
  Position position;
  Ordinal ordinal;
  friend constexpr auto operator<=>(const Cursor&, const Cursor&) = default;
};

}  // namespace entente
