#include "log/run_list.h"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <xxhash.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "log/rocks_store.h"
#include "log/run_layout.h"
#include "log/sync_directory.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

constexpr const char* kName = "runs";
constexpr const char* kNewName = "runs.new";

// magic u64, format u32, count u32, seed u64, position u64, hash; then number u64 and level u32 of
// each run; then the checksum.
constexpr std::uint64_t kMagic = 0x53'4e'55'52'58'54'4e'45;  // "ENTXRUNS"
constexpr std::size_t kFormatAt = 8;
constexpr std::size_t kCountAt = 12;
constexpr std::size_t kSeedAt = 16;
constexpr std::size_t kPositionAt = 24;
constexpr std::size_t kHashAt = 32;
constexpr std::size_t kRunsAt = 64;
constexpr std::size_t kRunBytes = 12;
constexpr std::size_t kChecksumBytes = 8;

std::string Encode(const RunList& list) {
  std::string bytes(kRunsAt + list.runs.size() * kRunBytes + kChecksumBytes, '\0');
  char* const at = bytes.data();
  PutLittle(at, kMagic);
  PutLittle(at + kFormatAt, run_layout::kFormat);
  PutLittle(at + kCountAt, static_cast<std::uint32_t>(list.runs.size()));
  PutLittle(at + kSeedAt, list.seed);
  PutLittle(at + kPositionAt, list.indexed_to.position.value());
  std::ranges::copy(BytesOf(list.indexed_to.hash), at + kHashAt);
  char* run = at + kRunsAt;
  for (const RunList::Named& named : list.runs) {
    PutLittle(run, named.number);
    PutLittle(run + 8, named.level);
    run += kRunBytes;
  }
  PutLittle(run, XXH3_64bits(at, static_cast<std::size_t>(run - at)));
  return bytes;
}

Result<RunList> Decode(const std::string& bytes, const std::string& path) {
  const auto damaged = [&](const char* what) {
    return Fail(Reason::kStoreDamaged, path, "", what);
  };
  if (bytes.size() < kRunsAt + kChecksumBytes || GetLittle<std::uint64_t>(bytes.data()) != kMagic) {
    return damaged("this is no list of runs");
  }
  if (GetLittle<std::uint32_t>(bytes.data() + kFormatAt) != run_layout::kFormat) {
    return Fail(Reason::kStoreFormat, path, "",
                fmt::format("the index is not of format {}", run_layout::kFormat));
  }
  const std::size_t count = GetLittle<std::uint32_t>(bytes.data() + kCountAt);
  const std::size_t checksum_at = kRunsAt + count * kRunBytes;
  if (bytes.size() != checksum_at + kChecksumBytes ||
      GetLittle<std::uint64_t>(bytes.data() + checksum_at) !=
          XXH3_64bits(bytes.data(), checksum_at)) {
    return damaged("the list of runs is not as it was written");
  }
  RunList list;
  list.seed = GetLittle<std::uint64_t>(bytes.data() + kSeedAt);
  list.indexed_to.position = Position(GetLittle<std::uint64_t>(bytes.data() + kPositionAt));
  list.indexed_to.hash =
      DigestFrom(std::string_view(bytes).substr(kHashAt, list.indexed_to.hash.size()));
  for (std::size_t i = 0; i < count; ++i) {
    const char* const run = bytes.data() + kRunsAt + i * kRunBytes;
    list.runs.push_back({GetLittle<std::uint64_t>(run), GetLittle<std::uint32_t>(run + 8)});
  }
  return list;
}

}  // namespace

Result<std::optional<RunList>> RunList::Read(rocksdb::Env& env,
                                             const std::filesystem::path& directory) {
  const std::string path = (directory / kName).string();
  if (!env.FileExists(path).ok()) return std::nullopt;
  std::string bytes;
  const auto read = rocksdb::ReadFileToString(&env, path, &bytes);
  if (!read.ok()) return Fail(FromRocks(read, path));
  auto list = Decode(bytes, path);
  if (!list) return Fail(std::move(list).error());
  return *std::move(list);
}

Status RunList::Write(rocksdb::Env& env, const std::filesystem::path& directory) const {
  const std::string made = (directory / kNewName).string();
  auto done = rocksdb::WriteStringToFile(&env, Encode(*this), made, /*should_sync=*/true);
  if (done.ok()) done = env.RenameFile(made, (directory / kName).string());
  if (!done.ok()) return Fail(FromRocks(done, directory));
  return SyncDirectory(directory);
}

}  // namespace entente::log
