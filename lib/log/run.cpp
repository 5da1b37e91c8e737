#include "log/run.h"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "log/rocks_store.h"

namespace entente::log {

using namespace run_layout;

namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

std::uint64_t ChecksumOf(const char* block, std::uint64_t number) {
  return XXH3_64bits_withSeed(block, kChecksumAt, number);
}

rocksdb::EnvOptions PlainFiles() {
  rocksdb::EnvOptions options;
  options.use_mmap_writes = false;
  return options;
}

}  // namespace

RunWriter::RunWriter(std::filesystem::path path, std::unique_ptr<rocksdb::WritableFile> file,
                     std::uint64_t ids)
    : path_(std::move(path)), file_(std::move(file)), filter_(ids) {
  buffer_.reserve(kBufferBytes + kBlockBytes);
}
RunWriter::~RunWriter() = default;
RunWriter::RunWriter(RunWriter&&) noexcept = default;
RunWriter& RunWriter::operator=(RunWriter&&) noexcept = default;

Result<RunWriter> RunWriter::Create(rocksdb::Env& env, std::filesystem::path path,
                                    std::uint64_t ids) {
  std::unique_ptr<rocksdb::WritableFile> file;
  const auto made = env.NewWritableFile(path.string(), &file, PlainFiles());
  if (!made.ok()) return Fail(FromRocks(made, path));
  return RunWriter(std::move(path), std::move(file), ids);
}

template <class Entry>
Status RunWriter::Put(const Entry& entry, std::uint64_t* count) {
  constexpr std::size_t kSize = Of<Entry>::kBytes;
  if (in_block_ + kSize > kChecksumAt) {
    if (Status ended = EndBlock(); !ended) return ended;
  }
  if (in_block_ == 0) buffer_.resize(buffer_.size() + kBlockBytes);
  Of<Entry>::Put(buffer_.data() + buffer_.size() - kBlockBytes + in_block_, entry);
  in_block_ += kSize;
  if (count != nullptr) ++*count;
  return {};
}

Status RunWriter::Add(const IdPlace& entry) {
  if (ids_ % kPerBlock<IdPlace> == 0) id_fences_.push_back(entry.id);
  filter_.Insert(entry.id);
  return Put(entry, &ids_);
}

Status RunWriter::Add(const StreamPlace& entry) {
  if (places_ == 0) {
    if (Status ended = EndPart(); !ended) return ended;
  }
  if (places_ % kPerBlock<StreamPlace> == 0) place_fences_.push_back(entry);
  return Put(entry, &places_);
}

Status RunWriter::Add(const StreamEnd& entry) {
  if (ends_ == 0) {
    if (Status ended = EndPart(); !ended) return ended;
  }
  return Put(entry, &ends_);
}

Status RunWriter::EndBlock() {
  char* const block = buffer_.data() + buffer_.size() - kBlockBytes;
  PutLittle(block + kChecksumAt, ChecksumOf(block, blocks_));
  ++blocks_;
  in_block_ = 0;
  return buffer_.size() < kBufferBytes ? Status() : WriteOut();
}

Status RunWriter::EndPart() { return in_block_ == 0 ? Status() : EndBlock(); }

Status RunWriter::WriteOut() {
  auto done = file_->Append(buffer_);
  // So that the sync at the end has little left to do, and no other waits behind it.
  if (done.ok()) done = file_->RangeSync(written_, buffer_.size());
  if (!done.ok()) return Fail(FromRocks(done, path_));
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Status RunWriter::Finish() {
  Status done = EndPart();
  const auto put_part = [&](const auto& entries) {
    for (const auto& entry : entries) {
      if (done) done = Put(entry, nullptr);
    }
    if (done) done = EndPart();
  };
  put_part(filter_.blocks());
  put_part(id_fences_);
  put_part(place_fences_);
  if (!done) return done;
  buffer_.resize(buffer_.size() + kBlockBytes);
  char* const foot = buffer_.data() + buffer_.size() - kBlockBytes;
  PutLittle(foot + kMagicAt, kMagic);
  PutLittle(foot + kFormatAt, kFormat);
  PutLittle(foot + kIdsAt, ids_);
  PutLittle(foot + kPlacesAt, places_);
  PutLittle(foot + kEndsAt, ends_);
  PutLittle(foot + kFilterBlocksAt, std::uint64_t{filter_.blocks().size()});
  if (done = EndBlock(); done && !buffer_.empty()) done = WriteOut();
  if (!done) return done;
  auto synced = file_->Sync();
  if (synced.ok()) synced = file_->Close();
  if (!synced.ok()) return Fail(FromRocks(synced, path_));
  return {};
}

Run::Run(std::filesystem::path path, std::unique_ptr<rocksdb::RandomAccessFile> file)
    : path_(std::move(path)), file_(std::move(file)) {}
Run::~Run() = default;

tl::unexpected<Error> Run::Damaged(const std::string& what) const {
  return Fail(Reason::kStoreDamaged, path_.string(), "", what);
}

Result<std::shared_ptr<const Run>> Run::Open(rocksdb::Env& env, std::filesystem::path path) {
  std::uint64_t bytes = 0;
  std::unique_ptr<rocksdb::RandomAccessFile> file;
  auto opened = env.GetFileSize(path.string(), &bytes);
  if (opened.ok()) opened = env.NewRandomAccessFile(path.string(), &file, PlainFiles());
  if (!opened.ok()) {
    Error error = FromRocks(opened, path);
    // The list of runs names it, and it is gone.
    if (!env.FileExists(path.string()).ok()) error.reason = Reason::kStoreDamaged;
    return Fail(std::move(error));
  }
  std::shared_ptr<Run> run(new Run(std::move(path), std::move(file)));
  if (Status read = run->ReadFoot(bytes); !read) return Fail(std::move(read).error());
  return run;
}

Status Run::ReadFoot(std::uint64_t bytes) {
  if (bytes < kBlockBytes || bytes % kBlockBytes != 0) {
    return Damaged(fmt::format("{} bytes are no run of the index", bytes));
  }
  std::array<Block, 1> foot;
  const std::uint64_t blocks = bytes / kBlockBytes;
  if (Status last = Read(blocks - 1, foot); !last) return last;
  const char* const at = foot[0].data();
  if (GetLittle<std::uint64_t>(at + kMagicAt) != kMagic ||
      GetLittle<std::uint32_t>(at + kFormatAt) != kFormat) {
    return Fail(Reason::kStoreFormat, path_.string(), "",
                fmt::format("the run is not of format {}", kFormat));
  }
  ids_ = GetLittle<std::uint64_t>(at + kIdsAt);
  places_ = GetLittle<std::uint64_t>(at + kPlacesAt);
  ends_ = GetLittle<std::uint64_t>(at + kEndsAt);
  const std::uint64_t id_blocks = BlocksOf<IdPlace>(ids_);
  const std::uint64_t place_blocks = BlocksOf<StreamPlace>(places_);
  const auto filter_blocks = GetLittle<std::uint64_t>(at + kFilterBlocksAt);
  std::uint64_t part = id_blocks + place_blocks + BlocksOf<StreamEnd>(ends_);
  const std::uint64_t parts_end = part + BlocksOf<IdFilter::Block>(filter_blocks) +
                                  BlocksOf<IdKey>(id_blocks) + BlocksOf<StreamPlace>(place_blocks);
  if (filter_blocks == 0 || parts_end + 1 != blocks) {
    return Damaged(fmt::format("{} blocks are not what the last one says", blocks));
  }
  std::vector<IdFilter::Block> filter;
  Status read = ReadPart(filter_blocks, &part, &filter);
  if (read) read = ReadPart(id_blocks, &part, &id_fences_);
  if (read) read = ReadPart(place_blocks, &part, &place_fences_);
  if (read) filter_ = IdFilter(std::move(filter));
  return read;
}

template <class Entry>
Status Run::ReadPart(std::uint64_t count, std::uint64_t* at, std::vector<Entry>* entries) const {
  constexpr std::uint64_t kBlocksAtOnce = 256;
  entries->reserve(count);
  const std::uint64_t end = *at + BlocksOf<Entry>(count);
  std::vector<Block> blocks;
  while (*at < end) {
    blocks.resize(std::min(kBlocksAtOnce, end - *at));
    if (Status read = Read(*at, blocks); !read) return read;
    *at += blocks.size();
    for (const Block& block : blocks) {
      for (std::size_t i = 0; i < kPerBlock<Entry> && entries->size() < count; ++i) {
        entries->push_back(Of<Entry>::Get(block.data() + i * Of<Entry>::kBytes));
      }
    }
  }
  return {};
}

Status Run::Read(std::uint64_t first, std::span<Block> blocks) const {
  if (blocks.empty()) return {};
  const std::size_t bytes = blocks.size() * kBlockBytes;
  rocksdb::Slice read;
  char* const into = blocks.front().data();
  const auto done = file_->Read(first * kBlockBytes, bytes, &read, into);
  if (!done.ok()) return Fail(FromRocks(done, path_));
  if (read.size() != bytes) return Damaged("the run ends before it should");
  if (read.data() != into) std::copy_n(read.data(), bytes, into);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const char* const block = blocks[i].data();
    if (GetLittle<std::uint64_t>(block + kChecksumAt) != ChecksumOf(block, first + i)) {
      return Damaged(fmt::format("block {} is not as it was written", first + i));
    }
  }
  return {};
}

template <>
std::uint64_t Run::count<IdPlace>() const {
  return ids_;
}
template <>
std::uint64_t Run::count<StreamPlace>() const {
  return places_;
}
template <>
std::uint64_t Run::count<StreamEnd>() const {
  return ends_;
}

template <class Entry>
Status Run::ReadBlocks(std::uint64_t first, std::vector<Block>* blocks) const {
  std::uint64_t part = 0;
  if constexpr (!std::is_same_v<Entry, IdPlace>) part += BlocksOf<IdPlace>(ids_);
  if constexpr (std::is_same_v<Entry, StreamEnd>) part += BlocksOf<StreamPlace>(places_);
  return Read(part + first, *blocks);
}

Result<Position> Run::Find(const IdKey& id) const {
  const auto behind = std::upper_bound(id_fences_.begin(), id_fences_.end(), id);
  if (behind == id_fences_.begin()) return Position();
  const auto block = static_cast<std::uint64_t>(behind - id_fences_.begin()) - 1;
  std::array<Block, 1> read;
  if (Status done = Read(block, read); !done) return Fail(std::move(done).error());
  const std::uint64_t count =
      std::min<std::uint64_t>(kPerBlock<IdPlace>, ids_ - block * kPerBlock<IdPlace>);
  std::uint64_t low = 0;
  for (std::uint64_t high = count; low < high;) {
    const std::uint64_t middle = (low + high) / 2;
    if (GetIdKey(read[0].data() + middle * Of<IdPlace>::kBytes) < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == count) return Position();
  const IdPlace found = Of<IdPlace>::Get(read[0].data() + low * Of<IdPlace>::kBytes);
  return found.id == id ? found.position : Position();
}

Status Run::AddPositions(const StreamKey& stream, Position from, std::size_t limit,
                         std::vector<Position>* positions) const {
  const StreamPlace first{stream, from};
  const auto behind = std::upper_bound(place_fences_.begin(), place_fences_.end(), first);
  std::uint64_t block = behind == place_fences_.begin()
                            ? 0
                            : static_cast<std::uint64_t>(behind - place_fences_.begin()) - 1;
  for (; block < place_fences_.size() && positions->size() < limit; ++block) {
    if (place_fences_[block].stream > stream) return {};
    std::vector<Block> read(1);
    if (Status done = ReadBlocks<StreamPlace>(block, &read); !done) return done;
    const std::uint64_t count =
        std::min<std::uint64_t>(kPerBlock<StreamPlace>, places_ - block * kPerBlock<StreamPlace>);
    for (std::uint64_t i = 0; i < count && positions->size() < limit; ++i) {
      const StreamPlace place = Of<StreamPlace>::Get(read[0].data() + i * Of<StreamPlace>::kBytes);
      if (place < first) continue;
      if (place.stream != stream) return {};
      positions->push_back(place.position);
    }
  }
  return {};
}

template <class Entry>
bool RunWalk<Entry>::Next() {
  const std::uint64_t count = run_->count<Entry>();
  if (!status_ || next_ == count) return false;
  const std::uint64_t block = next_ / kPerBlock<Entry>;
  const std::size_t in_chunk = block % kBlocksAtOnce;
  if (in_chunk == 0 && next_ % kPerBlock<Entry> == 0) {
    blocks_.resize(std::min<std::uint64_t>(kBlocksAtOnce, BlocksOf<Entry>(count) - block));
    status_ = run_->ReadBlocks<Entry>(block, &blocks_);
    if (!status_) return false;
  }
  entry_ = Of<Entry>::Get(blocks_[in_chunk].data() + next_ % kPerBlock<Entry> * Of<Entry>::kBytes);
  ++next_;
  return true;
}

template class RunWalk<IdPlace>;
template class RunWalk<StreamPlace>;
template class RunWalk<StreamEnd>;

}  // namespace entente::log
