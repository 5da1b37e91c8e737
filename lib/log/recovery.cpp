#include "log/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "log/carry_out_erasures.h"
#include "log/extent.h"
#include "log/reader.h"
#include "log/wal_evidence.h"
#include "log/witness.h"

namespace entente::log {
namespace {

constexpr std::uint64_t kWalkBytes = 4 << 20;

// Removes an index that is not this log's, or damaged, so that it is built anew.
Result<std::unique_ptr<Index>> RenewIndex(std::unique_ptr<Index> index,
                                          const std::filesystem::path& directory,
                                          rocksdb::Env* env) {
  index.reset();
  std::error_code failed;
  std::filesystem::remove_all(directory, failed);
  if (failed) return Fail(Reason::kStoreIo, directory.string(), "", failed.message());
  return Index::Open(directory, env);
}

std::string BuiltAnew(const Error& why) {
  return fmt::format("The index could not be used and was built anew from the log: {}.",
                     why.ToString());
}

// An index that cannot be read is no evidence of anything, and is replaced by an empty one.
Result<std::unique_ptr<Index>> OpenIndex(const std::filesystem::path& directory, rocksdb::Env* env,
                                         std::vector<std::string>& notes) {
  auto index = Index::Open(directory, env);
  if (index) return index;
  const Error& why = index.error();
  if (why.reason != Reason::kStoreDamaged && why.reason != Reason::kStoreFormat) return index;
  notes.push_back(BuiltAnew(why));
  return RenewIndex(nullptr, directory, env);
}

// LOG_LOST unless the commit that ended at a known point still does.
Status CheckPoint(const LogStore& store, const ChainPoint& known, const char* who) {
  if (known.position > store.head()) return {};  // CheckNothingLost says it better
  const auto hash = HashAt(store, known.position, store.head());
  if (hash && *hash == known.hash) return {};
  if (!hash && hash.error().reason != Reason::kNotFound) return Fail(hash.error());
  Error error = Fail(Reason::kLogLost, "", "",
                     fmt::format("{} knows another commit at position {} than the log holds", who,
                                 known.position.value()))
                    .value();
  error.position = known.position;
  return Fail(std::move(error));
}

// The log's extent, if it holds all that was ever durable.
Result<Extent> Judge(const RocksStore& store, const ChainPoint& indexed_to,
                     const ChainPoint& witness, Evidence evidence) {
  evidence = Further(std::move(evidence), {witness.position, "the witness file"});
  evidence = Further(std::move(evidence), {indexed_to.position, "the index"});
  // An index of another log is no reason to refuse this one: it is made anew.
  const bool own_index =
      indexed_to.position <= store.head() && CheckPoint(store, indexed_to, "the index").has_value();
  auto extent = FindExtent(store, own_index ? indexed_to : ChainPoint{});
  if (!extent) return extent;
  auto status = CheckNothingLost(*extent, evidence);
  if (status) status = CheckPoint(store, witness, "the witness file");
  if (!status) return Fail(status.error());
  return extent;
}

std::vector<std::filesystem::path> WalFiles(const std::filesystem::path& commits) {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;  // what cannot be listed cannot be read either
  for (const auto& entry : std::filesystem::directory_iterator(commits, ignored)) {
    if (entry.path().extension() == ".log") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Keeps what RocksDB is about to drop. Returns where.
Result<std::filesystem::path> CopyWalFiles(const LogFiles& files) {
  std::error_code failed;
  std::filesystem::path to;
  for (int n = 1; to.empty() || std::filesystem::exists(to, failed); ++n) {
    to = files.damaged / std::to_string(n);
  }
  std::filesystem::create_directories(to, failed);
  for (const auto& wal : WalFiles(files.commits)) {
    if (!failed) std::filesystem::copy_file(wal, to / wal.filename(), failed);
  }
  if (failed) return Fail(Reason::kStoreIo, to.string(), "", failed.message());
  return to;
}

}  // namespace

Result<ExaminedStore> ExamineStore(const LogFiles& files, rocksdb::Env* env,
                                   const ChainPoint& indexed_to, const ChainPoint& witness) {
  using Mode = RocksStore::Mode;
  Evidence evidence;
  for (const auto& wal : WalFiles(files.commits)) {
    evidence = Further(std::move(evidence),
                       {DurableThroughInWal(wal), "a commit in " + wal.filename().string()});
  }
  std::optional<Error> damage;
  auto store = RocksStore::Open(files.commits, {env, Mode::kStrict, true});
  if (!store && store.error().reason == Reason::kStoreDamaged) {
    damage = store.error();
    store = RocksStore::Open(files.commits, {env, Mode::kPointInTime, true});
  }
  if (!store) return Fail(damage ? *damage : store.error());
  auto extent = Judge(**store, indexed_to, witness, std::move(evidence));
  if (!extent) {
    Error refused = extent.error();
    if (damage) {
      refused.message += "; " + damage->message;
      refused.field = damage->field;
    } else if (refused.reason == Reason::kLogLost && !WalFiles(files.commits).empty()) {
      refused.field = WalFiles(files.commits).back().string();  // which should reach further
    }
    return Fail(std::move(refused));
  }
  return ExaminedStore{std::move(*store), std::move(*extent), std::move(damage)};
}

namespace {

// For a store without the file that RocksDB makes last when it makes one: was there ever more?
// RocksDB would make a new store of what is left, and remove the rest.
Status CheckNoneIsMissing(const LogFiles& files, const ChainPoint& indexed_to,
                          const ChainPoint& witness) {
  const Evidence evidence =
      Further({witness.position, "the witness file"}, {indexed_to.position, "the index"});
  if (auto status = CheckNothingLost({}, evidence); !status) return status;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(files.commits, none)) {
    const auto extension = entry.path().extension();
    if (extension != ".sst" && extension != ".log") continue;
    return Fail(Reason::kStoreDamaged, (files.commits / "CURRENT").string(), "",
                fmt::format("it is missing, and {} is there", entry.path().filename().string()));
  }
  return {};
}

// Opens the store, having looked at it before without changing anything: RocksDB drops what it
// cannot read of a WAL, in the strict mode too (a damaged length looks like an incomplete end), so
// whatever is to be refused has to be refused before.
Result<std::unique_ptr<RocksStore>> OpenStore(const LogFiles& files, rocksdb::Env* env,
                                              const ChainPoint& indexed_to,
                                              const ChainPoint& witness,
                                              std::vector<std::string>& notes) {
  using Mode = RocksStore::Mode;
  if (!std::filesystem::exists(files.commits / "CURRENT")) {
    if (auto status = CheckNoneIsMissing(files, indexed_to, witness); !status) {
      return Fail(status.error());
    }
    return RocksStore::Open(files.commits, {env, Mode::kStrict, false});
  }
  auto examined = ExamineStore(files, env, indexed_to, witness);
  if (!examined) return Fail(examined.error());
  const std::optional<Error> damage = std::move(examined->damage);
  examined->store.reset();
  if (!damage) return RocksStore::Open(files.commits, {env, Mode::kStrict, false});

  const auto kept = CopyWalFiles(files);
  if (!kept) return Fail(kept.error());
  notes.push_back(
      fmt::format("{} What it held beyond the log's end was never acknowledged; the "
                  "files as they were are in {}.",
                  damage->ToString(), kept->string()));
  return RocksStore::Open(files.commits, {env, Mode::kPointInTime, false});
}

// The orders to erase that the index knows of.
Result<std::vector<ErasureOrder>> IndexedOrders(const LogStore& store, const Index& index) {
  constexpr std::size_t kAtOnce = 1024;
  std::vector<ErasureOrder> orders;
  const StreamKey stream = index.keys().ForStream(kErasuresStream);
  EventFinder finder(store);
  for (Position next(1);;) {
    const auto positions = index.StreamPositions(stream, next, kAtOnce);
    if (!positions) return Fail(positions.error());
    for (const Position position : *positions) {
      const auto event = finder.At(position);
      if (!event) return Fail(event.error());
      if (auto order = OrderIn(*event)) orders.push_back(*std::move(order));
    }
    if (positions->size() < kAtOnce) return orders;
    next = positions->back().Next();
  }
}

Status AddToTail(const CommitView& commit, const Index& index, AppendState& state,
                 std::vector<ErasureOrder>& orders) {
  std::vector<IdKey> keys(commit.count());
  std::vector<Position> taken(commit.count());
  for (std::uint32_t i = 0; i < commit.count(); ++i) {
    keys[i] = index.keys().ForId(commit.event(i).id);
  }
  if (auto status = index.FindIds(keys, taken); !status) return status;
  for (std::uint32_t i = 0; i < commit.count(); ++i) {
    const EventView event = commit.event(i);
    const StreamKey stream = index.keys().ForStream(event.stream);
    state.revisions.Set(stream, event.revision);
    if (auto order = OrderIn(event)) orders.push_back(*std::move(order));
    IndexEntry entry{keys[i], stream, event.position, event.revision};
    const bool free = taken[i] == Position() && state.tail.Find(entry.id) == Position();
    if (!free) {
      const auto key = FreeKey(entry.id, state.tail, index);
      if (!key) return Fail(key.error());
      entry.id = *key;
    }
    state.tail.Add(entry);
  }
  return {};
}

// Reads what the index does not know into the tail, handing segments over as they fill.
Status RebuildTail(std::uint32_t segment_events, OpenedLog& log) {
  log.indexed_to = log.index->indexed_to().position;
  auto orders = IndexedOrders(*log.store, *log.index);
  if (!orders) return Fail(orders.error());
  log.orders = *std::move(orders);
  AppendState& state = log.state;
  state.revisions = {};
  state.tail = Tail(segment_events);
  auto status = log.index->ForEachStream(
      [&](const StreamKey& stream, Revision last) { state.revisions.Set(stream, last); });
  Position next = log.indexed_to.Next();
  while (status && next <= log.store->head()) {
    const auto commits = log.store->Read(next, log.store->head(), kWalkBytes);
    if (!commits) return Fail(commits.error());
    if (commits->empty()) {
      return Fail(Reason::kInternal, "", std::to_string(next.value()),
                  fmt::format("the store's head is {}, and nothing is there from {} on",
                              log.store->head().value(), next.value()));
    }
    for (const std::string& bytes : *commits) {
      const auto commit = CommitView::Parse(bytes);
      if (!commit) return Fail(commit.error());
      next = commit->last().Next();
      log.reread += commit->count();
      if (status = AddToTail(*commit, *log.index, state, log.orders); !status) return status;
      if (commit->continues()) continue;
      const auto sealed = state.tail.EndWrite({commit->last(), commit->hash()});
      if (!sealed) continue;
      status = log.index->Add(*sealed);
      if (status) status = log.index->Tidy();
      if (!status) return status;
      log.indexed_to = sealed->end.position;
      state.tail.DropTo(log.indexed_to);
    }
  }
  return status;
}

// The same; an index that turns out to be damaged is built anew from the log's first event on.
Status RebuildIndexes(const LogFiles& files, const LogOptions& options, OpenedLog& log) {
  auto status = RebuildTail(options.segment_events, log);
  if (status || status.error().reason != Reason::kStoreDamaged ||
      !status.error().field.starts_with(files.index.string())) {
    return status;
  }
  log.notes.push_back(BuiltAnew(status.error()));
  auto renewed = RenewIndex(std::move(log.index), files.index, options.env);
  if (!renewed) return Fail(renewed.error());
  log.index = std::move(*renewed);
  return RebuildTail(options.segment_events, log);
}

// The clock as it stood at the end of the log, when the walk did not pass a commit.
Status ReadLastClock(const LogStore& store, Extent& extent) {
  if (extent.end.position == Position() || extent.last_recorded != RecordedTime()) return {};
  const auto last = store.Read(extent.end.position, extent.end.position, 0);
  if (!last) return Fail(last.error());
  const auto commit = CommitView::Parse(last->front());
  if (!commit) return Fail(commit.error());
  extent.last_recorded = commit->recorded();
  extent.last_wall_ms = commit->wall_ms();
  return {};
}

}  // namespace

Result<OpenedLog> OpenLog(const std::filesystem::path& directory, const LogOptions& options) {
  const LogFiles files(directory);
  const auto named = [&](const Error& error) {
    return Fail(error.field.empty() ? Error(error).At(files.commits.string()) : error);
  };
  std::vector<std::string> notes;
  auto index = OpenIndex(files.index, options.env, notes);
  if (!index) return Fail(index.error());
  const ChainPoint indexed_to = (*index)->indexed_to();
  const ChainPoint witness = Witness::Read(files.witness).value_or(ChainPoint{});

  auto store = OpenStore(files, options.env, indexed_to, witness, notes);
  if (!store) return named(store.error());
  auto extent = Judge(**store, indexed_to, witness, {});
  if (!extent) return named(extent.error());

  if (extent->end.position < (*store)->head()) {
    notes.push_back(
        fmt::format("Positions {} to {} were written before a crash and never durable; "
                    "they were removed.",
                    extent->end.position.value() + 1, (*store)->head().value()));
    const auto cut = (*store)->Cut(extent->end.position.Next());
    if (!cut) return Fail(cut.error());
  }
  const char* renewed = nullptr;
  if ((*index)->marked()) {
    renewed = "The index was found to be damaged and was built anew from the log.";
  } else if (!CheckPoint(**store, indexed_to, "the index")) {
    renewed = "The index did not belong to this log and was built anew from it.";
  } else if ((*index)->created() && notes.empty() && (*store)->head() > Position()) {
    notes.emplace_back("There was no index; it was built anew from the log.");
  }
  if (renewed != nullptr) {
    notes.emplace_back(renewed);
    index = RenewIndex(std::move(*index), files.index, options.env);
    if (!index) return Fail(index.error());
  }

  auto status = ReadLastClock(**store, *extent);
  if (!status) return named(status.error());
  OpenedLog log{std::move(*store),
                std::move(*index),
                AppendState{extent->end,
                            extent->last_recorded,
                            extent->last_wall_ms,
                            {},
                            Tail(options.segment_events)},
                {},
                0,
                {},
                std::move(notes)};
  status = RebuildIndexes(files, options, log);
  if (!status) return named(status.error());
  const auto synced = log.store->Sync();
  if (!synced) return Fail(synced.error());
  status = CarryOutErasures(files, log.orders, *log.store, log.notes);
  if (!status) return named(status.error());
  return log;
}

}  // namespace entente::log
