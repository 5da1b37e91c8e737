// What is derived from the log to decide appends and to find events: ids, streams' last revisions,
// streams' positions. Files of its own; they may be deleted and are then built again.
//
//     newest events            older events
//     Segment (in memory)  ->  Index (on disk), handed over whole, once durable
//
// On disk it is a log-structured merge tree (O'Neil and others, 1996) of few, large, sorted runs:
// each segment becomes one, and of four of a size one of the next is made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "log/chain_point.h"
#include "log/index_keys.h"
#include "log/key_tables.h"
#include "values/error.h"
#include "values/position.h"

namespace rocksdb {
class Env;
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

// Segments become visible whole, together with indexed_to(). One thread adds and tidies; any may
// read. Whoever meets damage later than at opening leaves a mark, so that the next opening does not
// rely on it.
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
  ChainPoint indexed_to() const;

  // `positions` gets one for each key, Position() where there is none. Sizes must agree.
  Status FindIds(std::span<const IdKey> keys, std::span<Position> positions) const;
  // The last revision of every stream, those of newer runs behind those of older ones: the last
  // one visited of a stream counts.
  Status ForEachStream(const std::function<void(const StreamKey&, Revision)>& visit) const;
  // Positions of one stream's events from `from` on, at most `limit`.
  Result<std::vector<Position>> StreamPositions(const StreamKey& stream, Position from,
                                                std::size_t limit) const;

  // Adds the segment that follows indexed_to(): all of it or, after a crash, nothing.
  Status Add(const Segment& segment);

  // Goes on merging, by a few times what was added last: called once behind each Add it keeps up.
  Status Tidy();

 private:
  struct Runs;   // a state of the index
  struct Merge;  // one that is under way

  Index(std::filesystem::path directory, rocksdb::Env& env, std::shared_ptr<const Runs> runs,
        bool created);
  std::filesystem::path PathOf(std::uint64_t number) const;
  std::shared_ptr<const Runs> runs() const;
  // Makes it the index's state, on disk and then here.
  Status Publish(std::shared_ptr<const Runs> runs);
  Status BeginMerges();
  Status EndMerge(const Merge& merge);
  // The error; where it is damage, leaves the mark and says what comes of it.
  tl::unexpected<Error> Failed(Error error) const;

  std::filesystem::path directory_;
  rocksdb::Env& env_;
  KeyMaker keys_;
  bool created_ = false;
  std::uint64_t next_number_ = 1;
  std::uint64_t added_last_ = 0;  // entries
  std::vector<std::unique_ptr<Merge>> merges_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Runs> runs_;
};

}  // namespace entente::log
