#include "log/appender.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

#include "log/commit_layout.h"

namespace entente::log {
namespace {

using google::protobuf::util::TimeUtil;

KnownEvent Known(const EventView& event) {
  return {event.position, event.revision, DigestFrom(event.content_digest)};
}

// The event that says that the clock was held or released. Its content makes its id.
v1::AppendRequest ClockAdjusted(const RecordedClock::Stamp& stamp) {
  v1::AppendRequest batch;
  v1::NewEvent* const event = batch.add_events();
  event->set_stream("admin/clock");
  event->set_reported(ToRfc3339(stamp.recorded));
  event->mutable_source()->set_publisher("entente");
  event->mutable_source()->set_class_(v1::Source::official);
  v1::ClockAdjusted* const adjusted = event->mutable_clock_adjusted();
  *adjusted->mutable_recorded_until() = TimeUtil::MillisecondsToTimestamp(stamp.before.value());
  *adjusted->mutable_wall() = TimeUtil::MillisecondsToTimestamp(stamp.wall_ms);
  adjusted->set_action(stamp.turn == RecordedClock::Turn::kHeld ? "held" : "released");
  return batch;
}

}  // namespace

Appender::Appender(LogStore& store, const Index& index, const LogOptions& options,
                   AppendState state)
    : store_(store),
      index_(index),
      options_(options),
      state_(std::move(state)),
      clock_(state_.last_recorded, state_.last_wall_ms, ReadClocks()),
      stored_(*this) {}

ClockReading Appender::ReadClocks() const { return {options_.wall_clock(), options_.boot_clock()}; }

Result<std::optional<KnownEvent>> Appender::Stored::Compare(Position position,
                                                            std::string_view id) {
  const Position written = owner_.state_.head.position;
  if (position > written) {
    const std::size_t i = position.value() - written.value() - 1;
    const AdmittedEvent& admitted = owner_.events_[i];
    const BodyLayout& layout = admitted.event->layout;
    if (admitted.body.substr(layout.id_offset, layout.id_size) != id) return std::nullopt;
    return KnownEvent{position, admitted.revision, admitted.event->content};
  }
  const auto event = finder_.At(position);
  if (!event) return Fail(event.error());
  if (event->id != id) return std::nullopt;
  return Known(*event);
}

Position Appender::next_position() const { return state_.head.position.Plus(events_.size() + 1); }

bool Appender::full() const { return group_bytes_ >= options_.unsynced_bytes_max / 4; }

Status Appender::Admit(std::uint64_t token, std::uint64_t bytes,
                       std::shared_ptr<const PreparedBatch> batch) {
  WaitingOutcome& waiting = waiting_.emplace_back();
  waiting.outcome.token = token;
  waiting.bytes = bytes;
  return Take(std::move(batch), waiting);
}

Status Appender::Take(std::shared_ptr<const PreparedBatch> taken, WaitingOutcome& waiting) {
  const PreparedBatch& batch = *taken;
  waiting.outcome.batch = taken;
  batches_.push_back(std::move(taken));

  std::vector<std::string_view> ids(batch.events.size());
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = batch.id(batch.events[i]);
  const auto found = FindIds(ids, state_.tail, index_, stored_);
  if (!found) return Fail(found.error());
  std::vector<std::optional<KnownEvent>> known(found->size());
  for (std::size_t i = 0; i < known.size(); ++i) known[i] = (*found)[i].known;

  Decision decision = Decide(batch, known, [&](std::string_view stream) {
    return state_.revisions.Find(index_.keys().ForStream(stream));
  });
  // Whatever is said about ids and revisions rests on all that was decided before, which has to
  // be durable when it is said.
  waiting.needs = state_.head.position.Plus(events_.size());
  if (!decision.errors.empty()) {
    waiting.outcome.errors = std::move(decision.errors);
    return {};
  }
  waiting.stores = !batch.dry_run && decision.new_events > 0;
  auto added = AddToGroup(batch, decision, *found, waiting.outcome.events);
  if (!added) return added;
  if (waiting.stores) {
    waiting.needs = state_.head.position.Plus(events_.size());
    append_ends_.push_back(events_.size());
  }
  return {};
}

Status Appender::AddToGroup(const PreparedBatch& batch, const Decision& decision,
                            const std::vector<IdFound>& ids, std::vector<AppendedEvent>& appended) {
  appended.reserve(batch.events.size());
  std::vector<StreamKey> streams(batch.events.size());
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i] = index_.keys().ForStream(batch.stream(batch.events[i]));
    state_.revisions.Prefetch(streams[i]);
  }
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    const PreparedEvent& event = batch.events[i];
    const Verdict& verdict = decision.verdicts[i];
    if (verdict.kind == Verdict::Kind::kKnown) {
      appended.push_back({verdict.known.position, verdict.known.revision, true});
      continue;
    }
    if (verdict.kind == Verdict::Kind::kTwin) {
      const AppendedEvent& twin = appended[verdict.twin];
      appended.push_back({twin.position, twin.revision, true});
      continue;
    }
    if (batch.dry_run) {
      appended.emplace_back();
      continue;
    }
    const Position position = next_position();
    const Revision revision = state_.revisions.Advance(streams[i]);
    IndexEntry entry{ids[i].key, streams[i], position, revision};
    while (!state_.tail.Add(entry)) {
      // Two ids of one batch met on a key, and the first has taken it.
      const auto key = FreeKey(entry.id, state_.tail, index_);
      if (!key) return Fail(key.error());
      entry.id = *key;
    }
    const auto version = options_.upcasters->CurrentVersion(event.layout.payload_field);
    events_.push_back({&event, batch.body(event), revision, static_cast<std::uint16_t>(version)});
    group_bytes_ += event.body_size + layout::kRowSize;
    appended.push_back({position, revision, false});
  }
  return {};
}

std::vector<StoredCommit> Appender::EncodeGroup(RecordedTime recorded, std::int64_t wall_ms,
                                                Position durable_through) {
  std::vector<StoredCommit> commits;
  ChainPoint head = state_.head;
  for (std::size_t begin = 0; begin < events_.size();) {
    std::size_t end = begin;
    std::uint64_t bytes = 0;
    while (end < events_.size() && end - begin < options_.commit_events_max &&
           (end == begin || bytes + events_[end].body.size() <= options_.commit_bytes_max)) {
      bytes += events_[end].body.size() + layout::kRowSize;
      ++end;
    }
    CommitHead commit_head;
    commit_head.first = head.position.Next();
    commit_head.recorded = recorded;
    commit_head.wall_ms = wall_ms;
    commit_head.durable_through = durable_through;
    commit_head.previous = head.hash;
    commit_head.continues = !std::binary_search(append_ends_.begin(), append_ends_.end(), end);
    EncodedCommit encoded =
        EncodeCommit(commit_head, std::span(events_).subspan(begin, end - begin), sha_);
    head = {head.position.Plus(end - begin), encoded.hash};
    commits.push_back({commit_head.first, head.position, std::move(encoded.bytes)});
    begin = end;
  }
  state_.head = head;
  return commits;
}

Result<WrittenGroup> Appender::WriteGroup(Position durable_through) {
  WrittenGroup group;
  if (!events_.empty()) {
    const RecordedClock::Stamp stamp = clock_.Tick(ReadClocks());
    if (stamp.turn) {
      const v1::AppendRequest adjusted = ClockAdjusted(stamp);
      WaitingOutcome nobody;
      nobody.bytes = adjusted.ByteSizeLong();
      auto prepared = std::make_shared<const PreparedBatch>(Prepare(adjusted, nobody.bytes, sha_));
      if (auto taken = Take(std::move(prepared), nobody); !taken) return Fail(taken.error());
    }
    const Position expected_head = state_.head.position;
    const std::vector<StoredCommit> commits =
        EncodeGroup(stamp.recorded, stamp.wall_ms, durable_through);
    if (auto written = store_.Write(expected_head, commits); !written) {
      return Fail(written.error());
    }
    for (const StoredCommit& commit : commits) group.bytes += commit.bytes.size();
    group.sealed = state_.tail.EndWrite(state_.head);
    for (WaitingOutcome& waiting : waiting_) {
      if (waiting.stores) waiting.outcome.recorded = stamp.recorded;
    }
  }
  group.end = state_.head;
  group.outcomes = TakeUnwritten();
  events_.clear();
  append_ends_.clear();
  batches_.clear();
  group_bytes_ = 0;
  return group;
}

std::vector<WaitingOutcome> Appender::TakeUnwritten() { return std::exchange(waiting_, {}); }

}  // namespace entente::log
