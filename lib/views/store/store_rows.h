// The rows a store keeps about itself; no view, in no digest and in no delta.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "log/log.h"
#include "views/row_delta.h"

namespace entente::views {

const std::string& VersionKey();
const std::string& GenerationKey();
const std::string& CheckpointKey();
// Beside no checkpoint: a store that is not whole yet.
const std::string& GatheredKey();

// "entente views\0" and both versions, so that a stranger's RocksDB is not taken for ours.
std::string EncodeVersion(std::uint32_t projection_version);
// Of the rows' layout (docs/views.md), whatever they say.
inline constexpr std::uint32_t kLayoutVersion = 1;
struct StoreVersions {
  std::uint32_t layout = 0;
  std::uint32_t projection = 0;
};
// nullopt: no version of ours.
std::optional<StoreVersions> DecodeVersion(std::string_view row);
// "projection version 3", for people; says so where the row is no version of ours.
std::string VersionInWords(std::string_view row);

// Position (u64, big-endian) and 32 bytes of chain hash.
std::string EncodeCheckpoint(const log::ChainPoint& point);
std::optional<log::ChainPoint> DecodeCheckpoint(std::string_view row);

// A checkpoint as above and the stage (u8).
struct Gathered {
  log::ChainPoint taken;
  Stage stage = Stage::kGathering;
};
std::string EncodeGathered(const Gathered& gathered);
std::optional<Gathered> DecodeGathered(std::string_view row);

}  // namespace entente::views
