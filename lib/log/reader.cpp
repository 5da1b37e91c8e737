#include "log/reader.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>

#include "log/log.h"

namespace entente::log {
namespace {

constexpr std::uint64_t kScanBytes = 1 << 20;
constexpr std::size_t kPositionsAtOnce = 1024;

// Collects events until they exceed a number of bytes.
class Page {
 public:
  explicit Page(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}
  bool full() const { return bytes_ > max_bytes_; }
  void Add(const EventView& event) {
    events_.push_back(ToRecordedEvent(event));
    bytes_ += event.body.size();
  }
  std::vector<v1::RecordedEvent> Take() { return std::move(events_); }

 private:
  std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  std::vector<v1::RecordedEvent> events_;
};

Result<CommitView> OneCommit(const LogStore& store, Position at, Position to, std::string* bytes) {
  auto commits = store.Read(at, to, 0);
  if (!commits) return Fail(commits.error());
  if (commits->empty()) {
    return Fail(Reason::kNotFound, "", std::to_string(at.value()),
                fmt::format("the log does not hold position {}", at.value()));
  }
  *bytes = std::move(commits->front());
  return CommitView::Parse(*bytes);
}

}  // namespace

Result<EventView> EventFinder::At(Position position) {
  const bool here = !bytes_.empty() && commit_.first() <= position && position <= commit_.last();
  if (!here) {
    auto commit = OneCommit(store_, position, Position::Max(), &bytes_);
    if (!commit) {
      bytes_.clear();
      return Fail(commit.error());
    }
    commit_ = *commit;
    if (position < commit_.first() || position > commit_.last()) {
      bytes_.clear();
      return Fail(Reason::kInternal, "", std::to_string(position.value()),
                  "a position that was given out is not in the log");
    }
  }
  return commit_.event(static_cast<std::uint32_t>(position.value() - commit_.first().value()));
}

Result<Digest> HashAt(const LogStore& store, Position position, Position durable) {
  if (position == Position()) return Digest{};
  std::string bytes;
  const auto commit = OneCommit(store, position, durable, &bytes);
  if (!commit) return Fail(commit.error());
  if (commit->last() != position) {
    return Fail(Reason::kNotFound, "", std::to_string(position.value()),
                fmt::format("no commit ends at position {}; the one around it ends at {}",
                            position.value(), commit->last().value()));
  }
  return commit->hash();
}

Result<CommitRange> ReadRange(const LogStore& store, Position from, Position durable,
                              std::uint64_t max_bytes) {
  CommitRange range;
  range.durable = durable;
  range.next = std::max(from, Position(1));
  if (range.next > durable) return range;
  auto commits = store.Read(range.next, durable, max_bytes);
  if (!commits) return Fail(commits.error());
  range.commits = std::move(*commits);
  if (!range.commits.empty()) {
    const auto last = CommitView::Parse(range.commits.back());
    if (!last) return Fail(last.error());
    range.next = last->last().Next();
  }
  return range;
}

Result<Position> PositionAtTime(const LogStore& store, RecordedTime time, Position durable) {
  // Invariant: everything up to `at_or_before` was recorded by then, nothing from `after` on.
  Position at_or_before;
  Position after = durable.Next();
  std::string bytes;
  while (at_or_before.Next() < after) {
    const Position middle((at_or_before.value() + after.value()) / 2);
    const auto commit = OneCommit(store, middle, durable, &bytes);
    if (!commit) return Fail(commit.error());
    if (commit->recorded() <= time) {
      at_or_before = commit->last();
    } else {
      after = commit->first();
    }
  }
  return at_or_before;
}

Result<std::vector<v1::RecordedEvent>> ReadStream(const LogStore& store, const Index& index,
                                                  std::string_view stream, Position from,
                                                  Position durable, std::uint64_t max_bytes,
                                                  Position* next) {
  from = std::max(from, Position(1));
  *next = from;
  Page page(max_bytes);
  // Read before the positions: what the index gains meanwhile is found by the walk as well.
  const Position indexed_to = index.indexed_to().position;

  EventFinder finder(store);
  while (*next <= indexed_to && !page.full()) {
    const auto positions =
        index.StreamPositions(index.keys().ForStream(stream), *next, kPositionsAtOnce);
    if (!positions) return Fail(positions.error());
    for (const Position position : *positions) {
      if (position > indexed_to || page.full()) break;
      const auto event = finder.At(position);
      if (!event) return Fail(event.error());
      if (event->stream == stream) page.Add(*event);
      *next = position.Next();
    }
    const bool all = positions->size() < kPositionsAtOnce || positions->back() > indexed_to;
    if (all && !page.full()) *next = std::max(*next, indexed_to.Next());
  }

  while (*next <= durable && !page.full()) {
    const auto commits = store.Read(*next, durable, kScanBytes);
    if (!commits) return Fail(commits.error());
    if (commits->empty()) break;
    for (const std::string& bytes : *commits) {
      const auto commit = CommitView::Parse(bytes);
      if (!commit) return Fail(commit.error());
      for (std::uint32_t i = 0; i < commit->count() && !page.full(); ++i) {
        const EventView event = commit->event(i);
        if (event.position < *next) continue;
        if (event.stream == stream) page.Add(event);
        *next = event.position.Next();
      }
    }
  }
  return page.Take();
}

v1::RecordedEvent ToRecordedEvent(const EventView& event) {
  v1::RecordedEvent recorded;
  recorded.set_position(event.position.value());
  recorded.set_revision(event.revision.value());
  *recorded.mutable_recorded() =
      google::protobuf::util::TimeUtil::MillisecondsToTimestamp(event.recorded.value());
  recorded.set_payload_version(event.payload_version);
  if (event.erased) {
    recorded.mutable_event()->set_stream(std::string(event.stream));
    recorded.mutable_event()->set_id(std::string(event.id));
  } else {
    recorded.mutable_event()->ParseFromArray(event.body.data(),
                                             static_cast<int>(event.body.size()));
  }
  return recorded;
}

}  // namespace entente::log
