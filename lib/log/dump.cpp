#include "log/dump.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <deque>
#include <limits>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "log/commit_builder.h"
#include "log/directory_lock.h"
#include "log/log.h"
#include "log/prepared_batch.h"
#include "log/recovery.h"
#include "log/rocks_store.h"
#include "log/sync_directory.h"
#include "log/witness.h"

namespace entente::log {
namespace {

using google::protobuf::util::TimeUtil;

// Of the row of an event that was erased.
v1::ErasedBody ErasedBodyOf(const EventView& event) {
  v1::ErasedBody erased;
  const auto offset = [&](std::string_view part) {
    return static_cast<std::uint32_t>(part.data() - event.body.data());
  };
  erased.set_body_size(static_cast<std::uint32_t>(event.body.size()));
  erased.set_content_size(static_cast<std::uint32_t>(event.content.size()));
  erased.set_id_offset(offset(event.id));
  erased.set_stream_offset(offset(event.stream));
  erased.set_payload_field(event.payload_field);
  erased.set_names_others(event.names_others);
  erased.set_backfill(event.backfill);
  erased.set_content_digest(std::string(event.content_digest));
  erased.set_carriage_digest(std::string(event.carriage_digest));
  return erased;
}

// Could it have been written for this event?
bool Fits(const v1::ErasedBody& erased, const v1::NewEvent& event) {
  const auto inside = [&](std::uint64_t offset, std::uint64_t size) {
    return offset > 0 && offset + size <= erased.body_size();
  };
  return erased.body_size() <= kBatchBytesMax && erased.content_size() <= erased.body_size() &&
         inside(erased.id_offset(), event.id().size()) &&
         inside(erased.stream_offset(), event.stream().size()) &&
         erased.stream_offset() <= std::numeric_limits<std::uint16_t>::max() &&
         erased.payload_field() <= std::numeric_limits<std::uint16_t>::max() &&
         erased.content_digest().size() == sizeof(Digest) &&
         erased.carriage_digest().size() == sizeof(Digest);
}

// An event as it was put into its commit, with the body that was left of it.
struct EmptyEvent {
  PreparedEvent event;
  std::string body;
};

EmptyEvent EmptyEventOf(const v1::ErasedBody& erased, std::string_view stream,
                        std::string_view id) {
  EmptyEvent empty;
  empty.event.body_size = erased.body_size();
  empty.event.layout = {.content_size = erased.content_size(),
                        .id_offset = erased.id_offset(),
                        .id_size = static_cast<std::uint16_t>(id.size()),
                        .stream_offset = static_cast<std::uint16_t>(erased.stream_offset()),
                        .stream_size = static_cast<std::uint16_t>(stream.size()),
                        .payload_field = static_cast<std::uint16_t>(erased.payload_field())};
  empty.event.names_others = erased.names_others();
  empty.event.backfill = erased.backfill();
  empty.event.content = DigestFrom(erased.content_digest());
  empty.event.carriage = DigestFrom(erased.carriage_digest());
  empty.body.resize(erased.body_size());
  empty.body.replace(erased.stream_offset(), stream.size(), stream);
  empty.body.replace(erased.id_offset(), id.size(), id);
  return empty;
}

}  // namespace

std::vector<v1::DumpLine> ToDumpLines(const CommitView& commit) {
  std::vector<v1::DumpLine> lines(commit.count() + 1);
  v1::DumpedCommit& head = *lines[0].mutable_commit();
  head.set_first_position(commit.first().value());
  head.set_count(commit.count());
  *head.mutable_recorded() = TimeUtil::MillisecondsToTimestamp(commit.recorded().value());
  *head.mutable_wall() = TimeUtil::MillisecondsToTimestamp(commit.wall_ms());
  head.set_durable_through(commit.durable_through().value());
  head.set_continues(commit.continues());
  head.set_previous_hash(std::string(BytesOf(commit.previous_hash())));
  head.set_hash(std::string(BytesOf(commit.hash())));
  for (std::uint32_t i = 0; i < commit.count(); ++i) {
    const EventView event = commit.event(i);
    *lines[i + 1].mutable_event() = ToRecordedEvent(event);
    if (event.erased) *lines[i + 1].mutable_erased() = ErasedBodyOf(event);
  }
  return lines;
}

struct LogLoader::State {
  State(DirectoryLock lock, const std::filesystem::path& directory,
        std::unique_ptr<RocksStore> store)
      : lock(std::move(lock)), directory(directory), store(std::move(store)) {}

  DirectoryLock lock;
  std::filesystem::path directory;
  std::unique_ptr<RocksStore> store;
  Sha256 sha;
  ChainPoint head;
  // The commit whose lines are being read.
  std::optional<v1::DumpedCommit> commit;
  v1::AppendRequest events;
  std::vector<v1::ErasedBody> erased;  // one for each event, mostly without content
  std::vector<Revision> revisions;
  std::vector<std::uint16_t> payload_versions;
  // Whole commits of an append that goes on: written with its last.
  std::vector<StoredCommit> unwritten;
};

LogLoader::LogLoader(std::unique_ptr<State> state) : state_(std::move(state)) {}
LogLoader::LogLoader(LogLoader&&) noexcept = default;
LogLoader& LogLoader::operator=(LogLoader&&) noexcept = default;
LogLoader::~LogLoader() = default;

Result<LogLoader> LogLoader::Open(const std::filesystem::path& directory) {
  auto lock = DirectoryLock::Take(directory);
  if (!lock) return Fail(lock.error());
  const LogFiles files(directory);
  if (std::filesystem::exists(files.commits)) {
    return Fail(Reason::kFileUnreadable, files.commits.string(), "",
                "there is a log already; a dump is loaded into a directory without one");
  }
  std::error_code failed;
  std::filesystem::remove_all(files.loading, failed);
  if (failed) return Fail(Reason::kStoreIo, files.loading.string(), "", failed.message());
  auto store = RocksStore::Open(files.loading, {});
  if (!store) return Fail(store.error());
  return LogLoader(std::make_unique<State>(std::move(*lock), directory, std::move(*store)));
}

Status LogLoader::Add(const v1::DumpLine& line) {
  switch (line.line_case()) {
    case v1::DumpLine::kCommit:
      return Begin(line.commit());
    case v1::DumpLine::kEvent:
      return Collect(line);
    case v1::DumpLine::LINE_NOT_SET:
      break;
  }
  return Fail(Reason::kFieldRequired, "", "", "a line of a dump is a commit or an event");
}

Status LogLoader::Begin(const v1::DumpedCommit& commit) {
  if (state_->commit) {
    return Fail(
        Reason::kFieldInvalid, "commit", "",
        fmt::format(
            "the commit at position {} lacks {} of its events", state_->commit->first_position(),
            state_->commit->count() - static_cast<std::uint32_t>(state_->events.events_size())));
  }
  const Position next = state_->head.position.Next();
  if (commit.first_position() != next.value() || commit.count() == 0) {
    return Fail(Reason::kFieldInvalid, "commit.first_position",
                std::to_string(commit.first_position()),
                fmt::format("position {} comes next", next.value()));
  }
  state_->commit = commit;
  return {};
}

Status LogLoader::Collect(const v1::DumpLine& line) {
  const v1::RecordedEvent& event = line.event();
  if (!state_->commit) {
    return Fail(Reason::kFieldInvalid, "event.position", std::to_string(event.position()),
                "a commit line comes before the events it holds");
  }
  const std::uint64_t next =
      state_->commit->first_position() + static_cast<std::uint64_t>(state_->events.events_size());
  if (event.position() != next) {
    return Fail(Reason::kFieldInvalid, "event.position", std::to_string(event.position()),
                fmt::format("position {} comes next", next));
  }
  const bool empty = event.event().payload_case() == v1::NewEvent::PAYLOAD_NOT_SET;
  if (empty != line.has_erased() || (empty && !Fits(line.erased(), event.event()))) {
    return Fail(Reason::kFieldInvalid, "erased", "",
                fmt::format("position {}: an event without a payload has `erased`, which says what "
                            "is left of it, and no other has",
                            next));
  }
  *state_->events.add_events() = event.event();
  state_->erased.push_back(line.erased());
  state_->revisions.emplace_back(event.revision());
  state_->payload_versions.push_back(static_cast<std::uint16_t>(event.payload_version()));
  const bool complete =
      static_cast<std::uint32_t>(state_->events.events_size()) == state_->commit->count();
  return complete ? Write() : Status();
}

Status LogLoader::Write() {
  const v1::DumpedCommit& commit = *state_->commit;
  const PreparedBatch batch = Prepare(state_->events, state_->events.ByteSizeLong(), state_->sha);
  if (!batch.errors.empty()) return Fail(batch.errors.front());
  std::vector<AdmittedEvent> admitted;
  std::deque<EmptyEvent> empty;  // their addresses stay
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    const PreparedEvent* event = &batch.events[i];
    std::string_view body = batch.body(*event);
    if (state_->erased[i].body_size() > 0) {
      empty.push_back(EmptyEventOf(state_->erased[i], batch.stream(*event), batch.id(*event)));
      event = &empty.back().event;
      body = empty.back().body;
    }
    admitted.push_back({event, body, state_->revisions[i], state_->payload_versions[i]});
  }
  CommitHead head;
  head.first = Position(commit.first_position());
  head.recorded = RecordedTime(TimeUtil::TimestampToMilliseconds(commit.recorded()));
  head.wall_ms = TimeUtil::TimestampToMilliseconds(commit.wall());
  head.durable_through = Position(commit.durable_through());
  head.previous = state_->head.hash;
  head.continues = commit.continues();
  EncodedCommit encoded = EncodeCommit(head, admitted, state_->sha);
  if (BytesOf(encoded.hash) != commit.hash()) {
    return Fail(Reason::kLogDiverged, "commit.hash", Hex(commit.hash()),
                fmt::format("the commit at position {} and its events have the hash {}",
                            commit.first_position(), Hex(BytesOf(encoded.hash))));
  }
  const Position last = head.first.Plus(batch.events.size() - 1);
  state_->head = {last, encoded.hash};
  state_->unwritten.push_back({head.first, last, std::move(encoded.bytes)});
  state_->commit.reset();
  state_->events.Clear();
  state_->erased.clear();
  state_->revisions.clear();
  state_->payload_versions.clear();
  if (head.continues) return {};
  const std::vector<StoredCommit> whole = std::exchange(state_->unwritten, {});
  return state_->store->Write(Position(whole.front().first.value() - 1), whole);
}

Result<ChainPoint> LogLoader::Finish() {
  if (state_->commit || !state_->unwritten.empty()) {
    return Fail(Reason::kFieldRequired, "event", "",
                fmt::format("the dump ends within the append at position {}",
                            state_->store->head().value() + 1));
  }
  const auto synced = state_->store->Sync();
  if (!synced) return Fail(synced.error());
  state_->store.reset();
  const LogFiles files(state_->directory);
  std::error_code failed;
  std::filesystem::rename(files.loading, files.commits, failed);
  if (failed) return Fail(Reason::kStoreIo, files.commits.string(), "", failed.message());
  if (auto named = SyncDirectory(state_->directory); !named) return Fail(named.error());
  const auto witness = Witness::Open(files.witness);
  if (!witness) return Fail(witness.error());
  witness->Write(state_->head);
  return state_->head;
}

}  // namespace entente::log
