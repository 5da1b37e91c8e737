// Bytes of a run of the index, format 2; docs/format.md has the grammar.
//
//     ids | places | ends | filter of ids | fences of ids | fences of places | foot
//
// Each part begins with a block of its own, and each block ends with a checksum that also says
// which block of the file it is.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "log/id_filter.h"
#include "log/index_keys.h"
#include "values/byte_order.h"
#include "values/position.h"

namespace entente::log {

// Where the event of an id stands.
struct IdPlace {
  IdKey id;
  Position position;
};
// Where an event of a stream stands.
struct StreamPlace {
  StreamKey stream;
  Position position;
  friend constexpr auto operator<=>(const StreamPlace&, const StreamPlace&) = default;
};
// The last revision of a stream.
struct StreamEnd {
  StreamKey stream;
  Revision last;
};

namespace run_layout {

inline constexpr std::uint32_t kFormat = 2;
inline constexpr std::size_t kBlockBytes = 4096;
inline constexpr std::size_t kChecksumAt = kBlockBytes - sizeof(std::uint64_t);

// Size and bytes of each kind of entry; by what they are in order, and what of a block's first
// entry is kept in memory to find the block.
template <class Entry>
struct Of;

inline void PutKey(char* at, const IdKey& key) {
  PutLittle(at, key.high);
  PutLittle(at + 8, key.low);
}
inline IdKey GetIdKey(const char* at) {
  return {GetLittle<std::uint64_t>(at), GetLittle<std::uint64_t>(at + 8)};
}
inline void PutKey(char* at, const StreamKey& key) {
  PutLittle(at, key.high);
  PutLittle(at + 8, key.low);
}
inline StreamKey GetStreamKey(const char* at) {
  return {GetLittle<std::uint64_t>(at), GetLittle<std::uint32_t>(at + 8)};
}

template <>
struct Of<IdKey> {
  static constexpr std::size_t kBytes = 16;
  static void Put(char* at, const IdKey& key) { PutKey(at, key); }
  static IdKey Get(const char* at) { return GetIdKey(at); }
};

template <>
struct Of<IdFilter::Block> {
  static constexpr std::size_t kBytes = sizeof(IdFilter::Block);
  static void Put(char* at, const IdFilter::Block& block) {
    for (const std::uint64_t word : block.words) {
      PutLittle(at, word);
      at += sizeof word;
    }
  }
  static IdFilter::Block Get(const char* at) {
    IdFilter::Block block;
    for (std::uint64_t& word : block.words) {
      word = GetLittle<std::uint64_t>(at);
      at += sizeof word;
    }
    return block;
  }
};

template <>
struct Of<IdPlace> {
  static constexpr std::size_t kBytes = 24;
  static void Put(char* at, const IdPlace& entry) {
    PutKey(at, entry.id);
    PutLittle(at + 16, entry.position.value());
  }
  static IdPlace Get(const char* at) {
    return {GetIdKey(at), Position(GetLittle<std::uint64_t>(at + 16))};
  }
  static const IdKey& Order(const IdPlace& entry) { return entry.id; }
};

template <>
struct Of<StreamPlace> {
  static constexpr std::size_t kBytes = 20;
  static void Put(char* at, const StreamPlace& entry) {
    PutKey(at, entry.stream);
    PutLittle(at + 12, entry.position.value());
  }
  static StreamPlace Get(const char* at) {
    return {GetStreamKey(at), Position(GetLittle<std::uint64_t>(at + 12))};
  }
  static StreamPlace Order(const StreamPlace& entry) { return entry; }
};

template <>
struct Of<StreamEnd> {
  static constexpr std::size_t kBytes = 16;
  static void Put(char* at, const StreamEnd& entry) {
    PutKey(at, entry.stream);
    PutLittle(at + 12, static_cast<std::uint32_t>(entry.last.value()));
  }
  static StreamEnd Get(const char* at) {
    return {GetStreamKey(at), Revision(GetLittle<std::uint32_t>(at + 12))};
  }
  static const StreamKey& Order(const StreamEnd& entry) { return entry.stream; }
};

template <class Entry>
inline constexpr std::size_t kPerBlock = kChecksumAt / Of<Entry>::kBytes;

template <class Entry>
constexpr std::uint64_t BlocksOf(std::uint64_t entries) {
  return (entries + kPerBlock<Entry> - 1) / kPerBlock<Entry>;
}

// The foot, a block: magic, format, then how many of each.
inline constexpr std::uint64_t kMagic = 0x32'4e'55'52'58'54'4e'45;  // "ENTXRUN2"
inline constexpr std::size_t kMagicAt = 0;
inline constexpr std::size_t kFormatAt = 8;
inline constexpr std::size_t kIdsAt = 16;
inline constexpr std::size_t kPlacesAt = 24;
inline constexpr std::size_t kEndsAt = 32;
inline constexpr std::size_t kFilterBlocksAt = 40;

}  // namespace run_layout
}  // namespace entente::log
