// One generation of the views: a RocksDB of rows, and the checkpoint they stand at.
//
// Projector and replicas write it the same way: a delta of absolute rows, applied whole. So
// replicas are byte-identical, and applying a delta twice changes nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/view.pb.h"
#include "log/log.h"
#include "values/error.h"
#include "values/position.h"
#include "views/row_delta.h"
#include "views/store/memo.h"

namespace entente::views {

// Changes whenever a projection would give other rows for the same log.
inline constexpr std::uint32_t kProjectionVersion = 5;

inline constexpr std::uint32_t kWhicheverVersion = 0;

// A consistent picture of the rows. Cheap; keeps the store's files open for as long as it lives.
// One thread at a time. Its scans must be gone before it.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual const log::ChainPoint& checkpoint() const = 0;
  // Up to where the log was taken in: the checkpoint, or beyond it where the rows are not whole.
  virtual const log::ChainPoint& taken() const = 0;
  virtual const std::string& generation() const = 0;
  // Of the projection that made the rows: they may be of a version before this program's.
  virtual std::uint32_t projection_version() const = 0;
  // The row's value, or nullopt.
  virtual std::optional<std::string> Get(std::string_view key) const = 0;
  // The same for several keys at once, in their order; cheaper than one by one.
  virtual std::vector<std::optional<std::string>> GetMany(
      std::span<const std::string> keys) const = 0;

  // Rows in key order from `from` up to, not including, `to`; an empty `to` is the end.
  class Scan {
   public:
    virtual ~Scan() = default;
    virtual bool Valid() const = 0;
    virtual std::string_view key() const = 0;
    virtual std::string_view value() const = 0;
    virtual void Next() = 0;
    // Why there is no further row: ok at the end, STORE_DAMAGED or STORE_IO where what is stored
    // cannot be read. Whoever must not mistake the one for the other asks.
    virtual Status status() const = 0;
  };
  virtual std::unique_ptr<Scan> Range(std::string_view from, std::string_view to) const = 0;
  // From `to` backwards down to `from`.
  virtual std::unique_ptr<Scan> RangeBackwards(std::string_view from,
                                               std::string_view to) const = 0;

  // Rows read through this snapshot so far; every reply reports it.
  virtual std::uint64_t rows_examined() const = 0;

  // Kept beside the rows for all snapshots that show the same; nullptr where nothing is kept.
  virtual Memo* memo() const { return nullptr; }
  // The same for all snapshots of one store, for as long as it is open: for what follows from rows
  // that never change once they are written.
  virtual Memo* memo_of_store() const { return nullptr; }
};

// What `find` gives, which must turn on the snapshot's rows only.
template <class Finding, class Find>
Finding OncePerPicture(const Snapshot& snapshot, const Find& find) {
  Memo* const memo = snapshot.memo();
  return memo != nullptr ? memo->Once<Finding>(find) : find();
}

class ViewStore {
 public:
  // Opens or creates. STORE_BUSY, STORE_FORMAT, STORE_DAMAGED, STORE_IO. A store of another
  // projection version, or of another generation than the one named, is STORE_FORMAT: rebuild it,
  // or fetch it anew. An empty `generation` takes the one that the store has, and so does a version
  // of kWhicheverVersion; then there must be one.
  static Result<std::unique_ptr<ViewStore>> Open(
      const std::filesystem::path& directory, const std::string& generation,
      std::uint32_t projection_version = kProjectionVersion);
  // Opens what is there, of any projection version, and writes nothing, not even to the disk.
  // For stores that no process writes: it takes no lock. STORE_FORMAT, STORE_DAMAGED, STORE_IO.
  static Result<std::unique_ptr<ViewStore>> OpenToRead(const std::filesystem::path& directory);
  virtual ~ViewStore() = default;

  // Writes rows and checkpoint in one batch. A delta that ends at or below the checkpoint changes
  // nothing; one that begins above it, is of another generation, or ends at the checkpoint with
  // another chain hash is LOG_DIVERGED. By the one thread that writes.
  //
  // One that gathers fits a store at position 0 and one that is gathering; it moves `taken` and not
  // the checkpoint. Those that fold end there, and the last of them, of stage kWhole, moves the
  // checkpoint to it. LOG_DIVERGED for any that does not fit the store's stage.
  virtual Status Apply(const RowDelta& delta) = 0;
  Status Apply(const v1::ViewDelta& delta);

  // Writes the rows of one chunk of a checkpoint that is being read into an empty store. The last
  // chunk sets the checkpoint; until then the store is at position 0 and not to be read. Of another
  // generation: LOG_DIVERGED. By the one thread that writes.
  virtual Status Load(const v1::ReadCheckpointReply& chunk) = 0;

  // Merges what was taken in in large pieces, which are left as they came as long as the store is
  // not whole, so that a reader need not look into each. Blocks, for minutes where there is much.
  // STORE_IO; STOPPING where it is stopped. By the one thread that writes.
  virtual Status Merge() = 0;
  // Ends a Merge that is under way, and any to come. By any thread.
  virtual void StopMerging() = 0;
  // Back to position 0, without any row. STORE_IO. By the one thread that writes.
  virtual Status Clear() = 0;

  // What was written until now survives a power cut. STORE_IO. By the one thread that writes.
  virtual Status Sync() = 0;

  // By any thread.
  virtual log::ChainPoint checkpoint() const = 0;
  virtual log::ChainPoint taken() const = 0;
  virtual Stage stage() const = 0;
  virtual const std::string& generation() const = 0;
  // Of the projection that made the rows.
  virtual std::uint32_t projection_version() const = 0;
  // Those taken at one checkpoint show the same picture and have one memo.
  virtual std::unique_ptr<Snapshot> TakeSnapshot() const = 0;
};

}  // namespace entente::views
