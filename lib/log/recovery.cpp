#include "log/recovery.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "log/reader.h"

namespace entente::log {
namespace {

constexpr std::uint64_t kWalkBytes = 4 << 20;

// Removes an index that is not this log's, or damaged, so that it is built anew.
Result<std::unique_ptr<Index>> RenewIndex(std::unique_ptr<Index> index,
                                          const std::filesystem::path& directory) {
  index.reset();
  std::error_code failed;
  std::filesystem::remove_all(directory, failed);
  if (failed) return Fail(Reason::kStoreIo, directory.string(), "", failed.message());
  return Index::Open(directory);
}

// Opens the index and makes sure that it was made from this log. One that ends elsewhere in the
// log is made anew; one that knows of more than the log holds is evidence that the log lost it.
Result<std::unique_ptr<Index>> OpenIndex(const std::filesystem::path& directory,
                                         const LogStore& store) {
  auto index = Index::Open(directory);
  if (!index) {
    if (index.error().reason != Reason::kStoreDamaged) return index;
    return RenewIndex(nullptr, directory);
  }
  const auto indexed_to = (*index)->indexed_to();
  if (!indexed_to) return RenewIndex(std::move(*index), directory);
  if (indexed_to->position > store.head()) {
    Error lost = Fail(Reason::kLogLost, directory.string(), "",
                      fmt::format("the log ends at position {}, but its index knows of events up "
                                  "to position {}",
                                  store.head().value(), indexed_to->position.value()))
                     .value();
    lost.position = indexed_to->position;
    return Fail(std::move(lost));
  }
  const auto hash = HashAt(store, indexed_to->position, store.head());
  if (hash ? *hash == indexed_to->hash : false) return index;
  if (!hash && hash.error().reason != Reason::kNotFound) return Fail(hash.error());
  return RenewIndex(std::move(*index), directory);
}

// Walks commits in order and checks that each continues the one before.
class ChainWalk {
 public:
  explicit ChainWalk(ChainPoint from) : head_(from) {}
  Status Step(const CommitView& commit) {
    if (commit.first() != head_.position.Next()) {
      return Fail(Reason::kStoreDamaged, "", std::to_string(commit.first().value()),
                  fmt::format("position {} is missing: the next commit begins at {}",
                              head_.position.value() + 1, commit.first().value()));
    }
    if (commit.previous_hash() != head_.hash) {
      return Fail(Reason::kStoreDamaged, "", "",
                  fmt::format("the commit at position {} does not continue the chain before it",
                              commit.first().value()));
    }
    if (commit.Rehash(sha_) != commit.hash()) {
      return Fail(Reason::kStoreDamaged, "", "",
                  fmt::format("header and table of the commit at position {} do not have its hash",
                              commit.first().value()));
    }
    head_ = {commit.last(), commit.hash()};
    return {};
  }
  const ChainPoint& head() const { return head_; }

 private:
  ChainPoint head_;
  Sha256 sha_;
};

Status AddToTail(const CommitView& commit, const Index& index, AppendState& state) {
  for (std::uint32_t i = 0; i < commit.count(); ++i) {
    const EventView event = commit.event(i);
    const StreamKey stream = index.keys().ForStream(event.stream);
    state.revisions.Set(stream, event.revision);
    IndexEntry entry{index.keys().ForId(event.id), stream, event.position, event.revision};
    const auto key = FreeKey(entry.id, state.tail, index);
    if (!key) return Fail(key.error());
    entry.id = *key;
    state.tail.Add(entry);
  }
  return {};
}

Status RebuildTail(const ChainPoint& indexed_to, OpenedLog& log) {
  AppendState& state = log.state;
  auto status = log.index->ForEachStream(
      [&](const StreamKey& stream, Revision last) { state.revisions.Set(stream, last); });
  if (!status) return status;

  ChainWalk walk(indexed_to);
  const Position head = log.store->head();
  while (walk.head().position < head) {
    const auto commits = log.store->Read(walk.head().position.Next(), head, kWalkBytes);
    if (!commits) return Fail(commits.error());
    if (commits->empty()) {
      return Fail(Reason::kStoreDamaged, "", "",
                  fmt::format("nothing follows position {}, yet the log reaches to {}",
                              walk.head().position.value(), head.value()));
    }
    for (const std::string& bytes : *commits) {
      const auto commit = CommitView::Parse(bytes);
      if (!commit) return Fail(commit.error());
      if (status = walk.Step(*commit); !status) return status;
      if (status = AddToTail(*commit, *log.index, state); !status) return status;
      state.last_recorded = std::max(state.last_recorded, commit->recorded());
      if (commit->continues()) continue;
      if (auto sealed = state.tail.EndWrite(walk.head())) log.sealed.push_back(std::move(sealed));
    }
  }
  state.head = walk.head();
  return {};
}

Status ReadLastRecorded(OpenedLog& log) {
  if (log.state.head.position == Position()) return {};
  EventFinder finder(*log.store);
  const auto last = finder.At(log.state.head.position);
  if (!last) return Fail(last.error());
  log.state.last_recorded = std::max(log.state.last_recorded, last->recorded);
  return {};
}

}  // namespace

Result<OpenedLog> OpenLog(const std::filesystem::path& directory, const LogOptions& options) {
  auto store = RocksStore::Open(directory / "commits", {});
  if (!store) return Fail(store.error());
  auto index = OpenIndex(directory / "index", **store);
  if (!index) return Fail(index.error());
  const auto indexed_to = (*index)->indexed_to();
  if (!indexed_to) return Fail(indexed_to.error());

  OpenedLog log{std::move(*store),
                std::move(*index),
                AppendState{{}, {}, {}, Tail(options.segment_events)},
                {},
                indexed_to->position};
  auto status = RebuildTail(*indexed_to, log);
  if (status) status = ReadLastRecorded(log);
  if (!status) return Fail(Error(status.error()).At((directory / "commits").string()));
  const auto synced = log.store->Sync();
  if (!synced) return Fail(synced.error());
  return log;
}

}  // namespace entente::log
