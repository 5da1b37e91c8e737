// A sorted piece of the index on disk: what a stretch of the log holds, by id and by stream.
// Written once, whole and synced, then only read; several are merged into a larger one.
//
// The key is a hash, so nothing compresses and nothing is near anything else: a run is three sorted
// arrays in blocks, with a filter and the first key of each block in memory, and a look-up is one
// read, or most often none.
// (RocksDB's tables spend thirty times as long on merging such entries; docs/adr/0016 has figures.)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "log/run_layout.h"
#include "values/error.h"

namespace rocksdb {
class Env;
class RandomAccessFile;
class WritableFile;
}  // namespace rocksdb

namespace entente::log {

// Ids first, then places, then ends, each in order of their keys and each key once. One thread.
// STORE_IO. What was not finished is to be removed.
class RunWriter {
 public:
  // At most so many `ids` are to come.
  static Result<RunWriter> Create(rocksdb::Env& env, std::filesystem::path path, std::uint64_t ids);
  ~RunWriter();
  RunWriter(RunWriter&&) noexcept;
  RunWriter& operator=(RunWriter&&) noexcept;

  Status Add(const IdPlace& entry);
  Status Add(const StreamPlace& entry);
  Status Add(const StreamEnd& entry);
  // Synced when it returns.
  Status Finish();

 private:
  RunWriter(std::filesystem::path path, std::unique_ptr<rocksdb::WritableFile> file,
            std::uint64_t ids);

  template <class Entry>
  Status Put(const Entry& entry, std::uint64_t* count);
  Status EndBlock();
  Status EndPart();
  Status WriteOut();

  std::filesystem::path path_;
  std::unique_ptr<rocksdb::WritableFile> file_;
  std::string buffer_;         // blocks not written out yet; the last one may be open
  std::size_t in_block_ = 0;   // bytes of the open block
  std::uint64_t blocks_ = 0;   // ended
  std::uint64_t written_ = 0;  // bytes
  std::uint64_t ids_ = 0;
  std::uint64_t places_ = 0;
  std::uint64_t ends_ = 0;
  IdFilter filter_;
  std::vector<IdKey> id_fences_;
  std::vector<StreamPlace> place_fences_;
};

// Any thread.
class Run {
 public:
  using Block = std::array<char, run_layout::kBlockBytes>;

  // STORE_DAMAGED, STORE_FORMAT, STORE_IO, as of all methods; they name the file.
  static Result<std::shared_ptr<const Run>> Open(rocksdb::Env& env, std::filesystem::path path);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // False: the run has no such id. Reads nothing.
  bool MayHold(const IdKey& id) const { return filter_.MayHold(id); }
  void Prefetch(const IdKey& id) const { filter_.Prefetch(id); }
  // Position() if the run has no such id.
  Result<Position> Find(const IdKey& id) const;
  // Appends the positions of a stream from `from` on until there are `limit`.
  Status AddPositions(const StreamKey& stream, Position from, std::size_t limit,
                      std::vector<Position>* positions) const;

  template <class Entry>
  std::uint64_t count() const;
  // Blocks of the part that holds such entries, many at once: [first, first + blocks.size()).
  template <class Entry>
  Status ReadBlocks(std::uint64_t first, std::vector<Block>* blocks) const;

 private:
  Run(std::filesystem::path path, std::unique_ptr<rocksdb::RandomAccessFile> file);
  Status ReadFoot(std::uint64_t bytes);
  // A part that is kept in memory; moves `at` behind it.
  template <class Entry>
  Status ReadPart(std::uint64_t count, std::uint64_t* at, std::vector<Entry>* entries) const;
  // Blocks of the file.
  Status Read(std::uint64_t first, std::span<Block> blocks) const;
  tl::unexpected<Error> Damaged(const std::string& what) const;

  std::filesystem::path path_;
  std::unique_ptr<rocksdb::RandomAccessFile> file_;
  std::uint64_t ids_ = 0;
  std::uint64_t places_ = 0;
  std::uint64_t ends_ = 0;
  IdFilter filter_{0};
  std::vector<IdKey> id_fences_;
  std::vector<StreamPlace> place_fences_;
};

// Walks one part of a run from its beginning. `run` must outlive it. One thread.
template <class Entry>
class RunWalk {
 public:
  explicit RunWalk(const Run& run) : run_(&run) {}
  // Before the first look, and for each step. False: there is no further one, or it failed.
  bool Next();
  const Entry& entry() const { return entry_; }
  const Status& status() const { return status_; }

 private:
  static constexpr std::size_t kBlocksAtOnce = 64;

  const Run* run_;
  std::uint64_t next_ = 0;  // index of the entry
  std::vector<Run::Block> blocks_;
  Entry entry_;
  Status status_;
};

}  // namespace entente::log
