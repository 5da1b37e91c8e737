#include "log/emptied_commit.h"

#include <xxhash.h>

#include <algorithm>

#include "log/commit_layout.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

// The body with nothing in it but stream and id.
std::string EmptyBodyOf(const EventView& event) {
  std::string body(event.body.size(), '\0');
  for (const std::string_view kept : {event.stream, event.id}) {
    std::copy(kept.begin(), kept.end(), body.begin() + (kept.data() - event.body.data()));
  }
  return body;
}

}  // namespace

std::string WithEmptyBodies(const CommitView& commit, std::span<const Position> positions) {
  std::string bytes(commit.bytes());
  for (const Position position : positions) {
    if (position < commit.first() || position > commit.last()) continue;
    const EventView event =
        commit.event(static_cast<std::uint32_t>(position.value() - commit.first().value()));
    const std::string body = EmptyBodyOf(event);
    std::copy(body.begin(), body.end(),
              bytes.begin() + (event.body.data() - commit.bytes().data()));
  }
  const std::size_t covered = bytes.size() - layout::kChecksumSize;
  PutLittle(bytes.data() + covered, XXH3_64bits(bytes.data(), covered));
  return bytes;
}

bool IsEmpty(const EventView& event) { return event.body == EmptyBodyOf(event); }

}  // namespace entente::log
