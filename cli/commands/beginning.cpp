#include "cli/commands/beginning.h"

#include <charconv>
#include <cstdint>

#include "values/day.h"
#include "values/recorded_time.h"

namespace entente::cli {
namespace {

template <class Request>
Status Set(const std::string& from, Request* request) {
  if (from.empty()) return {};
  if (from == "now") {
    request->set_now(true);
    return {};
  }
  std::uint64_t position = 0;
  const auto [end, fault] = std::from_chars(from.data(), from.data() + from.size(), position);
  if (fault == std::errc() && end == from.data() + from.size()) {
    // Everything that the event at this position caused was seen.
    constexpr std::uint32_t kLastOrdinal = 0xffff;
    request->mutable_after()->set_position(position);
    if (position > 0) request->mutable_after()->set_ordinal(kLastOrdinal);
    return {};
  }
  if (Day::FromIso(from) || RecordedTimeFromRfc3339(from)) {
    request->set_recorded(from);
    return {};
  }
  return Fail(Reason::kQueryInvalid, "--from", from,
              "expected now, a position (20), or a day or time of recording (2021-05-05)");
}

}  // namespace

Status SetBeginning(const std::string& from, v1::SubscribeRequest* request) {
  return Set(from, request);
}

Status SetBeginning(const std::string& from, v1::CreateGroupRequest* request) {
  return Set(from, request);
}

}  // namespace entente::cli
