#include "views/recorded/recorded.h"

#include <utility>

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

void RecordedTimes::Add(RecordedTime time, Position position, const Snapshot& views, Draft* draft) {
  if (!span_ || span_->time != time) {
    Flush(draft);
    const auto row = views.Get(TimeKey(time));
    span_ = {time, row ? Position(KeyReader(*row).U64()) : position, position};
  }
  span_->last = position;
  changed_ = true;
}

void RecordedTimes::Flush(Draft* draft) {
  if (!std::exchange(changed_, false)) return;
  draft->Put(TimeKey(span_->time), PackU64(span_->first.value()) + PackU64(span_->last.value()));
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
