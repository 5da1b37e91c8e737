// ViewStore on RocksDB: one column family, rows as they come, no synced writes.
//
// Rows are derived and the checkpoint travels in their batch, so a lost tail only means that some
// commits are projected again. That is why point-in-time recovery, which may drop a tail silently,
// is right here and would be wrong for the log.
#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "log/digest.h"
#include "log/no_info_log.h"
#include "views/projection.h"
#include "views/rows/key.h"
#include "views/store/store_rows.h"
#include "views/view_store.h"

namespace entente::views {
namespace {

rocksdb::Slice SliceOf(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// From so many bytes on, a delta becomes a sorted file of its own. What is projected while others
// wait for answers stays well below: a file is synced.
constexpr std::size_t kFileBytes = 8U << 20;
// Each view's rows in a file of their own, named by its byte: where a view only grows at its end,
// as the feed does, its files lie side by side and are never merged.
constexpr std::string_view kComing = "coming-";

std::string ComingFile(char view) {
  return fmt::format("{}{:02x}.sst", kComing, static_cast<unsigned char>(view));
}

std::size_t BytesOf(const RowDelta& delta) {
  std::size_t bytes = 0;
  for (const RowChange& change : delta.rows) {
    bytes += change.key.size() + (change.value ? change.value->size() : 0);
  }
  return bytes;
}

constexpr std::size_t kBlockCacheBytes = 256U << 20;
constexpr std::size_t kWriteBufferBytes = 8U << 20;
constexpr std::uint64_t kLevelBytes = 256U << 20;
constexpr std::uint64_t kAllBytes = std::uint64_t{1} << 50;

// Blocks of rows, uncompressed, of all stores of this process together: while a generation takes
// over from another, both are read.
const std::shared_ptr<rocksdb::Cache>& BlockCache() {
  static const auto cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  return cache;
}

rocksdb::Options RocksOptions() {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Most rows that are looked for by key are there; this spares the search within their block.
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  // Indexes and filters stay in memory beside it, for as long as a file is open, and all are kept
  // open: no question waits for one of them to be read.
  table.cache_index_and_filter_blocks = false;
  table.block_cache = BlockCache();
  rocksdb::Options options;
  options.create_if_missing = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.max_open_files = -1;
  // Levels are counted from the last one, which holds nearly all.
  options.level_compaction_dynamic_level_bytes = true;
  options.max_bytes_for_level_base = kLevelBytes;
  // A key is looked for in the rows not yet written to a file before it is in any file, and to step
  // through a list of them far larger than the processor's caches costs more than a file's blocks
  // do. Few rows, and a filter that says which keys are among them.
  options.write_buffer_size = kWriteBufferBytes;
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.memtable_whole_key_filtering = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.info_log = std::make_shared<log::NoInfoLog>();
  return options;
}

// The process that holds RocksDB's lock file; 0 where it is this one, or none.
pid_t HolderOf(const std::filesystem::path& directory) {
  const int fd = open((directory / "LOCK").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return 0;
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool told = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(fd);
  return told ? lock.l_pid : 0;
}

Error FromRocks(const rocksdb::Status& status, const std::filesystem::path& directory) {
  if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
    const pid_t holder = HolderOf(directory);
    return Fail(Reason::kStoreBusy, "", directory.string(),
                holder != 0 ? fmt::format("process {} holds these views", holder)
                            : "this process has these views open already")
        .value();
  }
  const Reason reason = status.IsCorruption() ? Reason::kStoreDamaged : Reason::kStoreIo;
  return Fail(reason, "", directory.string(), status.ToString()).value();
}

// What a store says of itself when it is opened.
struct Identity {
  std::string generation;
  std::uint32_t projection_version = 0;
  log::ChainPoint taken;
  Stage stage = Stage::kWhole;
};

class RowScan final : public Snapshot::Scan {
 public:
  // Bounds are owned here: RocksDB keeps pointers to them.
  RowScan(rocksdb::DB& db, const rocksdb::Snapshot* at, std::string_view from, std::string_view to,
          bool backwards, std::uint64_t* examined)
      : db_(db),
        from_(from),
        to_(to),
        from_slice_(from_),
        to_slice_(to_),
        backwards_(backwards),
        examined_(examined) {
    rocksdb::ReadOptions options;
    options.snapshot = at;
    options.iterate_lower_bound = &from_slice_;
    if (!to_.empty()) options.iterate_upper_bound = &to_slice_;
    rows_.reset(db.NewIterator(options));
    if (from >= to && !to.empty()) return;
    backwards_ ? rows_->SeekToLast() : rows_->SeekToFirst();
    Count();
  }
  bool Valid() const override { return rows_->Valid(); }
  std::string_view key() const override { return ViewOf(rows_->key()); }
  std::string_view value() const override { return ViewOf(rows_->value()); }
  void Next() override {
    backwards_ ? rows_->Prev() : rows_->Next();
    Count();
  }
  Status status() const override {
    if (rows_->status().ok()) return {};
    return Fail(FromRocks(rows_->status(), db_.GetName()));
  }

 private:
  void Count() {
    if (rows_->Valid()) ++*examined_;
  }
  rocksdb::DB& db_;
  std::string from_;
  std::string to_;
  rocksdb::Slice from_slice_;
  rocksdb::Slice to_slice_;
  bool backwards_;
  std::uint64_t* examined_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

// The rows as they are at one checkpoint.
class Picture {
 public:
  Picture(std::shared_ptr<rocksdb::DB> db, std::shared_ptr<Memo> memo_of_store)
      : db_(std::move(db)), at_(db_->GetSnapshot()), memo_of_store_(std::move(memo_of_store)) {
    rocksdb::ReadOptions options;
    options.snapshot = at_;
    std::string bytes;
    if (db_->Get(options, SliceOf(CheckpointKey()), &bytes).ok()) {
      checkpoint_ = DecodeCheckpoint(bytes).value_or(log::ChainPoint{});
    }
    taken_ = checkpoint_;
    if (db_->Get(options, SliceOf(GatheredKey()), &bytes).ok()) {
      taken_ = DecodeGathered(bytes).value_or(Gathered{}).taken;
    }
  }
  ~Picture() { db_->ReleaseSnapshot(at_); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  rocksdb::DB& db() const { return *db_; }
  const rocksdb::Snapshot* at() const { return at_; }
  const log::ChainPoint& checkpoint() const { return checkpoint_; }
  const log::ChainPoint& taken() const { return taken_; }
  Memo* memo() const { return &memo_; }
  Memo* memo_of_store() const { return memo_of_store_.get(); }

 private:
  std::shared_ptr<rocksdb::DB> db_;
  const rocksdb::Snapshot* at_;
  log::ChainPoint checkpoint_;
  log::ChainPoint taken_;
  mutable Memo memo_;
  std::shared_ptr<Memo> memo_of_store_;
};

class RocksSnapshot final : public Snapshot {
 public:
  RocksSnapshot(std::shared_ptr<const Picture> picture, std::string generation,
                std::uint32_t projection_version)
      : picture_(std::move(picture)),
        db_(picture_->db()),
        generation_(std::move(generation)),
        projection_version_(projection_version) {
    options_.snapshot = picture_->at();
  }

  const log::ChainPoint& checkpoint() const override { return picture_->checkpoint(); }
  const log::ChainPoint& taken() const override { return picture_->taken(); }
  const std::string& generation() const override { return generation_; }
  std::uint32_t projection_version() const override { return projection_version_; }
  std::optional<std::string> Get(std::string_view key) const override {
    std::string value;
    ++examined_;
    if (!db_.Get(options_, SliceOf(key), &value).ok()) return std::nullopt;
    return value;
  }
  std::vector<std::optional<std::string>> GetMany(
      std::span<const std::string> keys) const override {
    std::vector<std::optional<std::string>> values(keys.size());
    const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> found(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db_.MultiGet(options_, db_.DefaultColumnFamily(), keys.size(), slices.data(), found.data(),
                 statuses.data());
    examined_ += keys.size();
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].ok()) values[i] = found[i].ToString();
    }
    return values;
  }
  std::unique_ptr<Scan> Range(std::string_view from, std::string_view to) const override {
    return std::make_unique<RowScan>(db_, picture_->at(), from, to, false, &examined_);
  }
  std::unique_ptr<Scan> RangeBackwards(std::string_view from, std::string_view to) const override {
    return std::make_unique<RowScan>(db_, picture_->at(), from, to, true, &examined_);
  }
  std::uint64_t rows_examined() const override { return examined_; }
  Memo* memo() const override { return picture_->memo(); }
  Memo* memo_of_store() const override { return picture_->memo_of_store(); }

 private:
  std::shared_ptr<const Picture> picture_;
  rocksdb::DB& db_;
  std::string generation_;
  std::uint32_t projection_version_;
  rocksdb::ReadOptions options_;
  mutable std::uint64_t examined_ = 0;
};

class RocksViewStore final : public ViewStore {
 public:
  RocksViewStore(std::filesystem::path directory, std::shared_ptr<rocksdb::DB> db,
                 Identity identity)
      : directory_(std::move(directory)),
        db_(std::move(db)),
        generation_(std::move(identity.generation)),
        projection_version_(identity.projection_version),
        taken_(identity.taken),
        stage_(identity.stage) {}

  // Of a store that is opened to be written.
  void GoOn() {
    if (stage_ != Stage::kWhole) MergeByItself(false);
  }

  Status Apply(const RowDelta& delta) override {
    const log::ChainPoint now = taken();
    if (delta.generation != generation_) {
      return Diverged(fmt::format("rows of generation {} do not fit the views of generation {}",
                                  delta.generation, generation_));
    }
    if (delta.from > now.position) {
      return Diverged(fmt::format("rows from position {} on do not fit views that stand at {}",
                                  delta.from.value(), now.position.value()));
    }
    if (delta.to.position == now.position && delta.to.hash != now.hash) {
      return Diverged(fmt::format("at position {} the chain hash of the rows is another one",
                                  now.position.value()));
    }
    const bool folds = stage_ != Stage::kWhole && delta.stage != Stage::kGathering;
    const bool fits = folds ? delta.to.position == now.position
                            : delta.stage == stage_ || now.position == Position();
    if (!fits || (delta.stage == Stage::kFolding && !folds)) {
      constexpr std::array kStages = {"whole", "being gathered", "being folded"};
      return Diverged(
          fmt::format("rows up to position {} do not fit views that are {} and stand "
                      "at {}",
                      delta.to.position.value(), kStages.at(static_cast<std::size_t>(stage_)),
                      now.position.value()));
    }
    if (!folds && delta.to.position <= now.position) return {};

    if (stage_ == Stage::kWhole && delta.stage != Stage::kWhole) MergeByItself(false);
    if (auto written = BytesOf(delta) < kFileBytes ? Write(delta) : Ingest(delta); !written.ok()) {
      return Fail(FromRocks(written, directory_));
    }
    if (stage_ != Stage::kWhole && delta.stage == Stage::kWhole) MergeByItself(true);
    MoveTo(delta.to, delta.stage);
    return {};
  }

  Status Load(const v1::ReadCheckpointReply& chunk) override {
    if (chunk.generation() != generation_) {
      return Diverged(fmt::format("rows of generation {} do not fit the views of generation {}",
                                  chunk.generation(), generation_));
    }
    rocksdb::WriteBatch batch;
    for (const v1::Row& row : chunk.rows()) {
      const auto added = batch.Put(row.key(), row.value());
      if (!added.ok()) return Fail(FromRocks(added, directory_));
    }
    rocksdb::WriteOptions options;
    log::ChainPoint then;
    if (chunk.last()) {
      if (chunk.at().hash().size() != then.hash.size()) {
        return Diverged("the checkpoint carries no chain hash");
      }
      then = {Position(chunk.at().position()), log::DigestFrom(chunk.at().hash())};
      batch.Put(CheckpointKey(), EncodeCheckpoint(then));
      // Who made the store current counts on its rows, all of them.
      options.sync = true;
    }
    const auto written = db_->Write(options, &batch);
    if (!written.ok()) return Fail(FromRocks(written, directory_));
    MoveTo(then, Stage::kWhole);
    return {};
  }

  Status Merge() override {
    // View after view, so that those which came in order already are left where they lie.
    rocksdb::ColumnFamilyMetaData all;
    db_->GetColumnFamilyMetaData(&all);
    std::set<unsigned char> views;
    for (const auto& file : all.levels.front().files) {
      const auto first = static_cast<unsigned char>(file.smallestkey.front());
      const auto last = static_cast<unsigned char>(file.largestkey.front());
      for (unsigned view = first; view <= last; ++view) views.insert(view);
    }
    rocksdb::CompactRangeOptions options;
    options.max_subcompactions = std::max(1U, std::thread::hardware_concurrency());
    options.canceled = &stop_merging_;
    for (const unsigned char view : views) {
      const std::string from(1, static_cast<char>(view));
      const std::string to = EndOf(from);
      const rocksdb::Slice begin(from);
      const rocksdb::Slice end(to);
      const auto merged = db_->CompactRange(options, &begin, &end);
      if (stop_merging_) {
        return Fail(Reason::kStopping, "", directory_.string(), "the rows are not merged yet");
      }
      if (!merged.ok()) return Fail(FromRocks(merged, directory_));
    }
    return {};
  }

  void StopMerging() override { stop_merging_ = true; }

  Status Clear() override {
    const std::string first = EndOf(Key(View::kStore).bytes());
    rocksdb::WriteBatch batch;
    auto cleared = batch.DeleteRange(first, std::string(1, '\xff'));
    if (cleared.ok()) cleared = batch.Delete(CheckpointKey());
    if (cleared.ok()) cleared = batch.Delete(GatheredKey());
    if (cleared.ok()) cleared = db_->Write(rocksdb::WriteOptions(), &batch);
    if (!cleared.ok()) return Fail(FromRocks(cleared, directory_));
    MergeByItself(true);
    MoveTo({}, Stage::kWhole);
    return {};
  }

  Status Sync() override {
    const auto synced = db_->SyncWAL();
    if (!synced.ok()) return Fail(FromRocks(synced, directory_));
    return {};
  }

  log::ChainPoint checkpoint() const override {
    const std::lock_guard lock(mutex_);
    return stage_ == Stage::kWhole ? taken_ : log::ChainPoint{};
  }
  log::ChainPoint taken() const override {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  Stage stage() const override {
    const std::lock_guard lock(mutex_);
    return stage_;
  }
  const std::string& generation() const override { return generation_; }
  std::uint32_t projection_version() const override { return projection_version_; }
  std::unique_ptr<Snapshot> TakeSnapshot() const override {
    const std::lock_guard lock(mutex_);
    if (!picture_) picture_ = std::make_shared<const Picture>(db_, memo_);
    return std::make_unique<RocksSnapshot>(picture_, generation_, projection_version_);
  }

 private:
  // The picture goes: while it is held, RocksDB keeps what was written over since.
  void MoveTo(const log::ChainPoint& taken, Stage stage) {
    const std::lock_guard lock(mutex_);
    taken_ = taken;
    stage_ = stage;
    picture_.reset();
  }

  // Whether RocksDB merges files in the background, by levels of growing size. Where it does not,
  // there is one level besides that of files as they came.
  void MergeByItself(bool does) {
    const std::uint64_t level = does ? kLevelBytes : kAllBytes;
    (void)db_->SetOptions({{"disable_auto_compactions", does ? "false" : "true"},
                           {"max_bytes_for_level_base", std::to_string(level)}});
  }

  // The store's own rows that come with a delta, in key order.
  struct OwnRow {
    const std::string& key;
    std::optional<std::string> value;
  };
  std::vector<OwnRow> OwnRows(const RowDelta& delta) const {
    if (delta.stage != Stage::kWhole) {
      return {{GatheredKey(), EncodeGathered({delta.to, delta.stage})}};
    }
    std::vector<OwnRow> rows = {{CheckpointKey(), EncodeCheckpoint(delta.to)}};
    if (stage_ != Stage::kWhole) rows.push_back({GatheredKey(), std::nullopt});
    return rows;
  }

  rocksdb::Status Write(const RowDelta& delta) {
    rocksdb::WriteBatch batch;
    for (const RowChange& change : delta.rows) {
      auto added = change.value ? batch.Put(SliceOf(change.key), SliceOf(*change.value))
                                : batch.Delete(SliceOf(change.key));
      if (!added.ok()) return added;
    }
    for (const OwnRow& row : OwnRows(delta)) {
      auto added = row.value ? batch.Put(row.key, *row.value) : batch.Delete(row.key);
      if (!added.ok()) return added;
    }
    return db_->Write(rocksdb::WriteOptions(), &batch);
  }

  // Spares sorting the rows once more, one by one, and writing them ahead. RocksDB takes in the
  // files all together or not at all. Before it does, it flushes what lies in memory, which holds a
  // checkpoint as the files do: so no power cut leaves these rows without those before them.
  rocksdb::Status Ingest(const RowDelta& delta) {
    std::vector<std::string> paths;
    std::unique_ptr<rocksdb::SstFileWriter> file;
    char view = 0;
    const auto open = [&](char next) {
      view = next;
      paths.push_back((directory_ / ComingFile(view)).string());
      // RocksDB links the file to a name of its own and then removes this one. Where that failed,
      // the two are one live file, which opening would cut to nothing.
      std::error_code ignored;
      std::filesystem::remove(paths.back(), ignored);
      file = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), db_->GetOptions());
      return file->Open(paths.back());
    };
    // The store's own rows come first in key order.
    auto done = open(CheckpointKey().front());
    for (const OwnRow& row : OwnRows(delta)) {
      if (done.ok()) done = row.value ? file->Put(row.key, *row.value) : file->Delete(row.key);
    }
    for (const RowChange& change : delta.rows) {
      if (done.ok() && change.key.front() != view) {
        done = file->Finish();
        if (done.ok()) done = open(change.key.front());
      }
      if (!done.ok()) return done;
      done = change.value ? file->Put(SliceOf(change.key), SliceOf(*change.value))
                          : file->Delete(SliceOf(change.key));
    }
    if (done.ok()) done = file->Finish();
    if (!done.ok()) return done;
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    options.write_global_seqno = false;  // RocksDB keeps it beside the files
    return db_->IngestExternalFile(paths, options);
  }

  Status Diverged(std::string message) const {
    return Fail(Reason::kLogDiverged, "", directory_.string(), std::move(message));
  }

  std::filesystem::path directory_;
  std::shared_ptr<rocksdb::DB> db_;
  std::string generation_;
  std::uint32_t projection_version_;
  mutable std::mutex mutex_;
  log::ChainPoint taken_;
  Stage stage_;
  mutable std::shared_ptr<const Picture> picture_;  // of the last snapshot since; or null
  const std::shared_ptr<Memo> memo_ = std::make_shared<Memo>();
  std::atomic<bool> stop_merging_ = false;
};

// Of a store that was made before; nullopt where nothing has been written yet.
Result<std::optional<Identity>> Identify(rocksdb::DB& db, const std::filesystem::path& directory) {
  Identity identity;
  std::string version;
  const auto found = db.Get({}, VersionKey(), &version);
  if (found.IsNotFound()) return std::nullopt;
  if (!found.ok()) return Fail(FromRocks(found, directory));
  const auto versions = DecodeVersion(version);
  if (!versions || versions->layout != kLayoutVersion) {
    return Fail(Reason::kStoreFormat, "", directory.string(),
                fmt::format("these views are of {}, this program reads layout {}: rebuild them",
                            VersionInWords(version), kLayoutVersion));
  }
  identity.projection_version = versions->projection;
  const auto named = db.Get({}, GenerationKey(), &identity.generation);
  if (!named.ok()) return Fail(FromRocks(named, directory));
  std::string bytes;
  const auto torn = [&] {
    return Fail(Reason::kStoreDamaged, "", directory.string(), "the checkpoint row is torn");
  };
  const auto pointed = db.Get({}, CheckpointKey(), &bytes);
  if (pointed.ok()) {
    const auto checkpoint = DecodeCheckpoint(bytes);
    if (!checkpoint) return torn();
    identity.taken = *checkpoint;
    return identity;
  }
  if (!pointed.IsNotFound()) return Fail(FromRocks(pointed, directory));
  const auto gathering = db.Get({}, GatheredKey(), &bytes);
  if (gathering.IsNotFound()) return identity;
  if (!gathering.ok()) return Fail(FromRocks(gathering, directory));
  const auto gathered = DecodeGathered(bytes);
  if (!gathered) return torn();
  identity.taken = gathered->taken;
  identity.stage = gathered->stage;
  return identity;
}

void RemoveComing(const std::filesystem::path& directory) {
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    if (!entry.path().filename().string().starts_with(kComing)) continue;
    std::filesystem::remove(entry.path(), failed);
  }
}

tl::unexpected<Error> NoViews(const std::filesystem::path& directory) {
  return Fail(Reason::kStoreFormat, "", directory.string(), "there are no views in here");
}

Result<Identity> IdentifyOrBegin(rocksdb::DB& db, const std::filesystem::path& directory,
                                 const std::string& generation, std::uint32_t projection_version) {
  auto identity = Identify(db, directory);
  if (!identity) return Fail(std::move(identity).error());
  if (!*identity) {
    if (projection_version == kWhicheverVersion) return NoViews(directory);
    rocksdb::WriteBatch batch;
    batch.Put(VersionKey(), EncodeVersion(projection_version));
    batch.Put(GenerationKey(), generation);
    // What follows may come as files, which are synced.
    rocksdb::WriteOptions options;
    options.sync = true;
    const auto written = db.Write(options, &batch);
    if (!written.ok()) return Fail(FromRocks(written, directory));
    return Identity{generation, projection_version, {}, Stage::kWhole};
  }
  const Identity& stored = **identity;
  if (projection_version != kWhicheverVersion && stored.projection_version != projection_version) {
    return Fail(Reason::kStoreFormat, "", directory.string(),
                fmt::format("these views are of projection version {}, this program makes version "
                            "{}: rebuild them",
                            stored.projection_version, projection_version));
  }
  if (!generation.empty() && stored.generation != generation) {
    return Fail(
        Reason::kStoreFormat, "", directory.string(),
        fmt::format("these views are of generation {}, not {}", stored.generation, generation));
  }
  return **std::move(identity);
}

}  // namespace

Status ViewStore::Apply(const v1::ViewDelta& delta) {
  const auto rows = DeltaIn(delta);
  if (!rows) return Fail(rows.error());
  return Apply(*rows);
}

Result<std::unique_ptr<ViewStore>> ViewStore::Open(const std::filesystem::path& directory,
                                                   const std::string& generation,
                                                   std::uint32_t projection_version) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return Fail(Reason::kStoreIo, "", directory.string(), failed.message());
  rocksdb::DB* raw = nullptr;
  const auto opened = rocksdb::DB::Open(RocksOptions(), directory.string(), &raw);
  if (!opened.ok()) return Fail(FromRocks(opened, directory));
  std::shared_ptr<rocksdb::DB> db(raw);
  // Of a process that was killed; it was not taken in, or its rows are there under another name.
  RemoveComing(directory);
  auto identity = IdentifyOrBegin(*db, directory, generation, projection_version);
  if (!identity) return Fail(std::move(identity.error()));
  auto store = std::make_unique<RocksViewStore>(directory, std::move(db), *std::move(identity));
  store->GoOn();
  return store;
}

Result<std::unique_ptr<ViewStore>> ViewStore::OpenToRead(const std::filesystem::path& directory) {
  rocksdb::Options options = RocksOptions();
  options.create_if_missing = false;
  rocksdb::DB* raw = nullptr;
  const auto opened = rocksdb::DB::OpenForReadOnly(options, directory.string(), &raw);
  if (!opened.ok()) return Fail(FromRocks(opened, directory));
  std::shared_ptr<rocksdb::DB> db(raw);
  auto identity = Identify(*db, directory);
  if (!identity) return Fail(std::move(identity).error());
  if (!*identity) return NoViews(directory);
  return std::make_unique<RocksViewStore>(directory, std::move(db), **std::move(identity));
}

}  // namespace entente::views
