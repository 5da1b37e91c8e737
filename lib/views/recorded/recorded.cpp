#include "views/recorded/recorded.h"

#include "views/rows/key.h"

namespace entente::views {
namespace {

// Times sort as unsigned numbers once their sign is turned over.
constexpr std::uint64_t kBias = 1ULL << 63;

std::string TimeKey(RecordedTime time) {
  return Key(View::kRecorded).U64(static_cast<std::uint64_t>(time.value()) ^ kBias).bytes();
}

std::string Prefix() { return Key(View::kRecorded).bytes(); }

}  // namespace

void AddRecorded(RecordedTime time, Position position, Draft* draft) {
  std::string key = TimeKey(time);
  const auto row = draft->Get(key);
  const Position first = row ? Position(KeyReader(*row).U64()) : position;
  draft->Put(std::move(key), PackU64(first.value()) + PackU64(position.value()));
}

std::optional<Position> FirstRecordedFrom(const Snapshot& snapshot, RecordedTime time) {
  const auto rows = snapshot.Range(TimeKey(time), EndOf(Prefix()));
  if (!rows->Valid()) return std::nullopt;
  return Position(KeyReader(rows->value()).U64());
}

Position LastRecordedUntil(const Snapshot& snapshot, RecordedTime time) {
  const auto rows = snapshot.RangeBackwards(Prefix(), TimeKey(time) + '\0');
  if (!rows->Valid()) return {};
  return Position(KeyReader(rows->value()).Skip(8).U64());
}

}  // namespace entente::views
