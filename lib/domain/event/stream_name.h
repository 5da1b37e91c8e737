// Names of streams: meeting/ID, series/ID, kind/ID, country/CODE, pair/CODE-CODE, admin/ID.
#pragma once

#include <string>
#include <string_view>

#include "values/error.h"

namespace entente::domain {

enum class StreamKind { kMeeting, kSeries, kKind, kCountry, kPair, kAdmin };

struct StreamName {
  StreamKind kind = StreamKind::kMeeting;
  std::string_view id;  // behind the slash; points into the text parsed
};

// STREAM_INVALID, with field empty.
Result<StreamName> ParseStreamName(std::string_view text);
// "pair/IN-JP", codes sorted.
std::string PairStream(std::string_view code_a, std::string_view code_b);

}  // namespace entente::domain
