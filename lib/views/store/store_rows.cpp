#include "views/store/store_rows.h"

#include <fmt/format.h>

#include "log/digest.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

constexpr std::string_view kMagic = "entente views";

}  // namespace

const std::string& VersionKey() {
  static const std::string key = Key(View::kStore).Text("version").bytes();
  return key;
}

const std::string& GenerationKey() {
  static const std::string key = Key(View::kStore).Text("generation").bytes();
  return key;
}

const std::string& CheckpointKey() {
  static const std::string key = Key(View::kStore).Text("checkpoint").bytes();
  return key;
}

const std::string& GatheredKey() {
  static const std::string key = Key(View::kStore).Text("gathered").bytes();
  return key;
}

std::string EncodeVersion(std::uint32_t projection_version) {
  return std::string(kMagic) + '\0' +
         PackU64(std::uint64_t{kLayoutVersion} << 32 | projection_version);
}

std::optional<StoreVersions> DecodeVersion(std::string_view row) {
  KeyReader reader(row);
  const bool ours = reader.Text() == kMagic;
  StoreVersions versions;
  versions.layout = reader.U32();
  versions.projection = reader.U32();
  if (!ours || !reader.ok()) return std::nullopt;
  return versions;
}

std::string VersionInWords(std::string_view row) {
  const auto versions = DecodeVersion(row);
  if (!versions) return "another program";
  return fmt::format("layout {}, projection version {}", versions->layout, versions->projection);
}

std::string EncodeCheckpoint(const log::ChainPoint& point) {
  return PackU64(point.position.value()) + std::string(log::BytesOf(point.hash));
}

std::optional<log::ChainPoint> DecodeCheckpoint(std::string_view row) {
  KeyReader reader(row);
  log::ChainPoint point;
  point.position = Position(reader.U64());
  const std::string_view hash = reader.Fixed(point.hash.size());
  if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
  point.hash = log::DigestFrom(hash);
  return point;
}

std::string EncodeGathered(const Gathered& gathered) {
  std::string row = EncodeCheckpoint(gathered.taken);
  row.push_back(static_cast<char>(gathered.stage));
  return row;
}

std::optional<Gathered> DecodeGathered(std::string_view row) {
  if (row.empty()) return std::nullopt;
  const auto taken = DecodeCheckpoint(row.substr(0, row.size() - 1));
  const auto stage = static_cast<Stage>(row.back());
  if (!taken || (stage != Stage::kGathering && stage != Stage::kFolding)) return std::nullopt;
  return Gathered{*taken, stage};
}

}  // namespace entente::views
