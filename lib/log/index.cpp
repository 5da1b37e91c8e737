#include "log/index.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <random>
#include <string>
#include <utility>

#include "log/no_info_log.h"
#include "log/rocks_store.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

// Column families and their rows; all integers of keys big-endian, of values little-endian.
//   default    "format" -> u32, "seed" -> u64, "indexed_to" -> position u64, chain hash 32 bytes
//   ids        id key 16 bytes -> position u64
//   streams    stream key 12 bytes -> last revision u32
//   positions  stream key 12 bytes, position u64 -> nothing
constexpr std::uint32_t kFormat = 1;
constexpr const char* kFormatKey = "format";
constexpr const char* kSeedKey = "seed";
constexpr const char* kIndexedToKey = "indexed_to";
constexpr std::size_t kIndexedToSize = 40;

// An empty file in the index's directory: it was found to be damaged.
constexpr const char* kMarkName = "damaged";

using IdBytes = std::array<char, 16>;
using StreamBytes = std::array<char, 12>;
using PlaceBytes = std::array<char, 20>;

IdBytes BytesOf(const IdKey& key) {
  IdBytes bytes;
  PutBig(bytes.data(), key.high);
  PutBig(bytes.data() + 8, key.low);
  return bytes;
}

StreamBytes BytesOf(const StreamKey& key) {
  StreamBytes bytes;
  PutBig(bytes.data(), key.high);
  PutBig(bytes.data() + 8, key.low);
  return bytes;
}

PlaceBytes BytesOf(const StreamKey& key, Position position) {
  PlaceBytes bytes;
  PutBig(bytes.data(), key.high);
  PutBig(bytes.data() + 8, key.low);
  PutBig(bytes.data() + 12, position.value());
  return bytes;
}

template <std::size_t N>
rocksdb::Slice SliceOf(const std::array<char, N>& bytes) {
  return {bytes.data(), bytes.size()};
}

template <class T>
rocksdb::Slice SliceOf(const T& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

rocksdb::Options DatabaseOptions(rocksdb::Env* env) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.info_log = std::make_shared<NoInfoLog>();
  return options;
}

// Keys are hashes: nothing to compress, no order worth keeping, mostly asked for what is absent.
rocksdb::ColumnFamilyOptions FamilyOptions() {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kNoCompression;
  // Merges as late as reads allow: levels would write each entry many times.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.level0_file_num_compaction_trigger = 8;
  options.level0_slowdown_writes_trigger = 64;
  options.level0_stop_writes_trigger = 128;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// One sorted file to be ingested; removed again unless it was.
class SortedRun {
 public:
  SortedRun(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, std::string path)
      : family_(family),
        path_(std::move(path)),
        writer_(rocksdb::EnvOptions(), db.GetOptions(family), family) {
    // Ingesting links the file into the database and only then removes this name. A process
    // killed in between leaves a second name of a live file, which opening would cut to nothing.
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    status_ = writer_.Open(path_);
  }
  ~SortedRun() {
    std::error_code ignored;  // ingested files were moved away
    std::filesystem::remove(path_, ignored);
  }
  SortedRun(const SortedRun&) = delete;
  SortedRun& operator=(const SortedRun&) = delete;

  void Put(const rocksdb::Slice& key, const rocksdb::Slice& value) {
    if (status_.ok()) status_ = writer_.Put(key, value);
  }
  rocksdb::Status Finish() { return status_.ok() ? writer_.Finish() : status_; }
  rocksdb::IngestExternalFileArg Ingestion() const {
    rocksdb::IngestExternalFileArg argument;
    argument.column_family = family_;
    argument.external_files = {path_};
    argument.options.move_files = true;
    return argument;
  }

 private:
  rocksdb::ColumnFamilyHandle* family_;
  std::string path_;
  rocksdb::SstFileWriter writer_;
  rocksdb::Status status_;
};

// Sorted as small values beside each other: following pointers would cost a miss a comparison.
void PutIds(const Segment& segment, SortedRun& ids) {
  std::vector<std::pair<IdKey, Position>> order;
  order.reserve(segment.entries.size());
  for (const IndexEntry& entry : segment.entries) order.emplace_back(entry.id, entry.position);
  std::sort(order.begin(), order.end());
  for (const auto& [id, position] : order) {
    const IdBytes key = BytesOf(id);
    ids.Put(SliceOf(key), SliceOf(position));
  }
}

void PutStreams(const Segment& segment, SortedRun& streams, SortedRun& positions) {
  struct Place {
    StreamKey stream;
    Position position;
    Revision revision;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> order;
  order.reserve(segment.entries.size());
  for (const IndexEntry& entry : segment.entries) {
    order.push_back({entry.stream, entry.position, entry.revision});
  }
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const PlaceBytes place = BytesOf(order[i].stream, order[i].position);
    positions.Put(SliceOf(place), {});
    const bool last_of_stream = i + 1 == order.size() || order[i + 1].stream != order[i].stream;
    if (!last_of_stream) continue;
    const StreamBytes stream = BytesOf(order[i].stream);
    streams.Put(SliceOf(stream), SliceOf(static_cast<std::uint32_t>(order[i].revision.value())));
  }
}

}  // namespace

// Destroyed before the database, as RocksDB asks.
struct Index::Families {
  struct Free {
    rocksdb::DB* db;
    void operator()(rocksdb::ColumnFamilyHandle* family) const {
      db->DestroyColumnFamilyHandle(family);
    }
  };
  using Handle = std::unique_ptr<rocksdb::ColumnFamilyHandle, Free>;
  Handle meta, ids, streams, positions;
};

Index::Index(std::filesystem::path directory, std::unique_ptr<rocksdb::DB> db,
             std::unique_ptr<Families> families, std::uint64_t seed, bool created)
    : directory_(std::move(directory)),
      db_(std::move(db)),
      families_(std::move(families)),
      keys_(seed),
      created_(created) {}
Index::~Index() = default;

bool Index::marked() const {
  std::error_code unknown;
  return std::filesystem::exists(directory_ / kMarkName, unknown);
}

tl::unexpected<Error> Index::Failed(const rocksdb::Status& status) const {
  Error error = FromRocks(status, directory_);
  if (error.reason == Reason::kStoreDamaged) {
    const std::ofstream mark(directory_ / kMarkName);
    error.message += "; the index is built anew when the log is opened next";
  }
  return Fail(std::move(error));
}

Result<std::unique_ptr<Index>> Index::Open(const std::filesystem::path& directory,
                                           rocksdb::Env* env) {
  std::vector<rocksdb::ColumnFamilyDescriptor> wanted = {
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions()},
      {"ids", FamilyOptions()},
      {"streams", FamilyOptions()},
      {"positions", FamilyOptions()}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  const auto opened =
      rocksdb::DB::Open(DatabaseOptions(env), directory.string(), wanted, &handles, &raw);
  if (!opened.ok()) {
    Error error = FromRocks(opened, directory);
    // A file that is gone, and families that are not those of this format.
    if (opened.IsPathNotFound() || opened.IsInvalidArgument()) {
      error.reason = Reason::kStoreDamaged;
    }
    return Fail(std::move(error));
  }
  std::unique_ptr<rocksdb::DB> db(raw);
  auto handle = [&](std::size_t i) { return Families::Handle(handles[i], Families::Free{raw}); };
  auto families = std::make_unique<Families>(Families{handle(0), handle(1), handle(2), handle(3)});

  std::string value;
  std::uint64_t seed = 0;
  auto got = db->Get({}, kFormatKey, &value);
  const bool created = got.IsNotFound();
  if (created) {
    std::random_device random;
    seed = std::uint64_t{random()} << 32 | random();
    rocksdb::WriteBatch batch;
    batch.Put(kFormatKey, SliceOf(kFormat));
    batch.Put(kSeedKey, SliceOf(seed));
    rocksdb::WriteOptions synced;
    synced.sync = true;
    got = db->Write(synced, &batch);
    if (!got.ok()) return Fail(FromRocks(got, directory));
  } else if (!got.ok()) {
    return Fail(FromRocks(got, directory));
  } else {
    if (value.size() != sizeof kFormat || GetLittle<std::uint32_t>(value.data()) != kFormat) {
      return Fail(Reason::kStoreFormat, directory.string(), Hex(value),
                  fmt::format("the index is not of format {}", kFormat));
    }
    got = db->Get({}, kSeedKey, &value);
    if (!got.ok()) return Fail(FromRocks(got, directory));
    if (value.size() != sizeof seed) {
      return Fail(Reason::kStoreDamaged, directory.string(), Hex(value), "the seed is damaged");
    }
    seed = GetLittle<std::uint64_t>(value.data());
  }
  return std::unique_ptr<Index>(
      new Index(directory, std::move(db), std::move(families), seed, created));
}

Result<ChainPoint> Index::indexed_to() const {
  std::string value;
  const auto got = db_->Get({}, kIndexedToKey, &value);
  if (got.IsNotFound()) return ChainPoint{};
  if (!got.ok()) return Failed(got);
  if (value.size() != kIndexedToSize) {
    return Fail(Reason::kStoreDamaged, directory_.string(), Hex(value), "indexed_to is damaged");
  }
  return ChainPoint{Position(GetLittle<std::uint64_t>(value.data())),
                    DigestFrom(std::string_view(value).substr(8))};
}

Status Index::FindIds(std::span<const IdKey> keys, std::span<Position> positions) const {
  std::shared_ptr<const IdFilter> filter;
  {
    const std::lock_guard lock(filter_mutex_);
    filter = filter_;
  }
  std::vector<std::size_t> asked;
  if (filter) {
    for (const IdKey& key : keys) filter->Prefetch(key);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    positions[i] = {};
    if (!filter || filter->MayHold(keys[i])) asked.push_back(i);
  }
  if (asked.empty()) return {};

  std::vector<IdBytes> bytes(asked.size());
  std::vector<rocksdb::Slice> slices(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    bytes[i] = BytesOf(keys[asked[i]]);
    slices[i] = SliceOf(bytes[i]);
  }
  std::vector<rocksdb::PinnableSlice> values(asked.size());
  std::vector<rocksdb::Status> statuses(asked.size());
  db_->MultiGet({}, families_->ids.get(), asked.size(), slices.data(), values.data(),
                statuses.data());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return Failed(statuses[i]);
    positions[asked[i]] = Position(GetLittle<std::uint64_t>(values[i].data()));
  }
  return {};
}

Status Index::BuildFilter() {
  if (filter_ && !filter_->outgrown()) return {};
  const auto indexed = indexed_to();
  if (!indexed) return Fail(indexed.error());
  constexpr std::size_t kSmallest = 1 << 20;
  auto filter =
      std::make_shared<IdFilter>(std::max<std::size_t>(kSmallest, 2 * indexed->position.value()));
  rocksdb::ReadOptions once;
  once.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(once, families_->ids.get()));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    const char* const key = at->key().data();
    filter->Insert({GetBig<std::uint64_t>(key), GetBig<std::uint64_t>(key + 8)});
  }
  if (!at->status().ok()) return Failed(at->status());
  const std::lock_guard lock(filter_mutex_);
  filter_ = std::move(filter);
  return {};
}

Status Index::ForEachStream(const std::function<void(const StreamKey&, Revision)>& visit) const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, families_->streams.get()));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    const char* const key = at->key().data();
    visit({GetBig<std::uint64_t>(key), GetBig<std::uint32_t>(key + 8)},
          Revision(GetLittle<std::uint32_t>(at->value().data())));
  }
  if (!at->status().ok()) return Failed(at->status());
  return {};
}

Result<std::vector<Position>> Index::StreamPositions(const StreamKey& stream, Position from,
                                                     std::size_t limit) const {
  std::vector<Position> positions;
  const StreamBytes prefix = BytesOf(stream);
  const PlaceBytes first = BytesOf(stream, from);
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, families_->positions.get()));
  for (at->Seek(SliceOf(first));
       at->Valid() && at->key().starts_with(SliceOf(prefix)) && positions.size() < limit;
       at->Next()) {
    positions.emplace_back(GetBig<std::uint64_t>(at->key().data() + prefix.size()));
  }
  if (!at->status().ok()) return Failed(at->status());
  return positions;
}

Status Index::Add(const Segment& segment) {
  const auto path = [&](const char* name) { return (directory_ / name).string(); };
  SortedRun meta(*db_, families_->meta.get(), path("meta.run"));
  SortedRun ids(*db_, families_->ids.get(), path("ids.run"));
  SortedRun streams(*db_, families_->streams.get(), path("streams.run"));
  SortedRun positions(*db_, families_->positions.get(), path("positions.run"));

  PutIds(segment, ids);
  PutStreams(segment, streams, positions);
  if (filter_) {
    // Before anybody can look for them here.
    for (const IndexEntry& entry : segment.entries) filter_->Insert(entry.id);
  }
  std::array<char, kIndexedToSize> indexed_to;
  PutLittle(indexed_to.data(), segment.end.position.value());
  std::copy(segment.end.hash.begin(), segment.end.hash.end(), indexed_to.begin() + 8);
  meta.Put(kIndexedToKey, SliceOf(indexed_to));

  for (SortedRun* run : {&meta, &ids, &streams, &positions}) {
    const auto finished = run->Finish();
    if (!finished.ok()) return Failed(finished);
  }
  // One atomic step over all column families.
  const auto ingested = db_->IngestExternalFiles(
      {meta.Ingestion(), ids.Ingestion(), streams.Ingestion(), positions.Ingestion()});
  if (!ingested.ok()) return Failed(ingested);
  return {};
}

}  // namespace entente::log
