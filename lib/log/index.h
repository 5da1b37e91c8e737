// What is derived from the log to decide appends and to find events: ids, streams' last revisions,
// streams' positions. A RocksDB of its own; it may be deleted and is then built again.
//
//     newest events            older events
//     Segment (in memory)  ->  Index (on disk), handed over whole, once durable
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "log/chain_point.h"
#include "log/id_filter.h"
#include "log/index_keys.h"
#include "log/key_tables.h"
#include "values/error.h"
#include "values/position.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Status;
}  // namespace rocksdb

namespace entente::log {

struct IndexEntry {
  IdKey id;
  StreamKey stream;
  Position position;
  Revision revision;
};

// A run of events, ending with a commit. Filled by one thread, then sealed and only read.
struct Segment {
  std::vector<IndexEntry> entries;  // in order of position
  IdTable ids;
  ChainPoint end;

  // False, and nothing changed, if the id's key is taken.
  bool Add(const IndexEntry& entry) {
    if (!ids.Insert(entry.id, entry.position)) return false;
    entries.push_back(entry);
    return true;
  }
};

// Segments become visible whole, together with indexed_to(). One thread adds; any may read. Whoever
// meets damage later than at opening leaves a mark, so that the next opening does not rely on it.
class Index {
 public:
  // Opens or creates. STORE_DAMAGED, STORE_FORMAT: it can be removed and rebuilt; STORE_IO. The
  // errors of all methods name the directory.
  static Result<std::unique_ptr<Index>> Open(const std::filesystem::path& directory,
                                             rocksdb::Env* env = nullptr);
  ~Index();

  // Opening found nothing and made it.
  bool created() const { return created_; }
  // Damage was met by those who used it before.
  bool marked() const;

  // Makes keys with this index's seed.
  const KeyMaker& keys() const { return keys_; }
  // Every event up to here is in the index, none behind.
  Result<ChainPoint> indexed_to() const;

  // `positions` gets one for each key, Position() where there is none. Sizes must agree.
  Status FindIds(std::span<const IdKey> keys, std::span<Position> positions) const;
  // Last revision of every stream.
  Status ForEachStream(const std::function<void(const StreamKey&, Revision)>& visit) const;
  // Positions of one stream's events from `from` on, at most `limit`.
  Result<std::vector<Position>> StreamPositions(const StreamKey& stream, Position from,
                                                std::size_t limit) const;

  // Reads all ids into a filter that spares most look-ups, unless there is one that is large
  // enough. By the thread that adds. Until it was called, look-ups are only slower.
  Status BuildFilter();

  // Adds the segment that follows indexed_to(): all of it or, after a crash, nothing.
  Status Add(const Segment& segment);

 private:
  struct Families;
  Index(std::filesystem::path directory, std::unique_ptr<rocksdb::DB> db,
        std::unique_ptr<Families> families, std::uint64_t seed, bool created);
  tl::unexpected<Error> Failed(const rocksdb::Status& status) const;
  std::filesystem::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<Families> families_;
  KeyMaker keys_;
  bool created_ = false;
  mutable std::mutex filter_mutex_;
  std::shared_ptr<IdFilter> filter_;  // null until built
};

}  // namespace entente::log
