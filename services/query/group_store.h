// What is kept of durable subscriptions: a RocksDB of its own (docs/format.md).
//
//     loop ──Write──▶ in the WAL, survives the process        ─┐ a ticket each
//          ──Sync───▶ thread: SyncWAL ──▶ on disk, on_synced  ◀┘ all tickets so far
//
// One sync covers every write before it, so a batch of acks costs one, and those of many consumers
// that come meanwhile share the next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "log/chain_point.h"
#include "services/query/subscription/group.h"
#include "values/error.h"

namespace rocksdb {
class Env;
}

namespace entente::query {

// Written by one thread. After a write or sync that failed it takes nothing more until it is opened
// anew: what the disk refused may still be seen in memory.
class GroupStore {
 public:
  using Ticket = std::uint64_t;
  using Parked = std::pair<Cursor, v1::StoredChange>;

  struct Options {
    rocksdb::Env* env = nullptr;  // nullptr: the machine's
    // After so many bytes the WAL is synced and another one begun. Never one without the other: a
    // power cut would leave a hole where the older ends short.
    std::size_t wal_bytes = 4 << 20;
  };

  // Makes it where it is not. `on_synced` is called when more is on disk, and when something
  // failed, by either thread. STORE_BUSY, STORE_FORMAT, STORE_DAMAGED, STORE_IO.
  static Result<std::unique_ptr<GroupStore>> Open(const std::filesystem::path& directory,
                                                  std::function<void()> on_synced,
                                                  const Options& options);
  virtual ~GroupStore() = default;

  // All groups by name. Of parked changes only what the machine needs.
  virtual Result<std::map<std::string, Group::Stored>> ReadAll() const = 0;
  // Parked changes above a cursor, in their order.
  virtual Result<std::vector<Parked>> ReadParked(const std::string& group,
                                                 const std::optional<Cursor>& after,
                                                 std::size_t limit) const = 0;
  virtual Result<std::optional<v1::StoredChange>> FindParked(const std::string& group,
                                                             const Cursor& cursor) const = 0;

  // In one batch; of several rows of one thing the last stands. `known` is where the log's chain
  // was when this was decided.
  virtual Status Write(const std::string& group, std::span<const Group::Row> rows,
                       const log::ChainPoint& known) = 0;
  virtual Status Forget(const std::string& group) = 0;
  // Of the last write. Goes on counting where it was opened.
  virtual Ticket written() const = 0;
  // Everything written so far is to be on disk.
  virtual void Sync() = 0;
  // The same, and waits for it.
  virtual void SyncNow() = 0;
  // Up to here it is. By any thread.
  virtual Ticket synced() const = 0;
  // STORE_IO, once something failed. By any thread.
  virtual std::optional<Error> broken() const = 0;
  // Of the last write.
  virtual log::ChainPoint known() const = 0;
};

}  // namespace entente::query
