// Where each field of a commit lies. The one place that knows; docs/format.md explains it.
//
//     commit := header row[count] bodies hash checksum
//
// All integers little-endian. hash = SHA-256(header ‖ rows); checksum = XXH3-64 of all before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace entente::log::layout {

inline constexpr std::uint32_t kMagic = 0x43544e45;  // "ENTC"
inline constexpr std::uint16_t kVersion = 1;

// Header.
inline constexpr std::size_t kMagicAt = 0;            // u32
inline constexpr std::size_t kVersionAt = 4;          // u16
inline constexpr std::size_t kFlagsAt = 6;            // u16
inline constexpr std::size_t kFirstAt = 8;            // u64, position of the first event
inline constexpr std::size_t kCountAt = 16;           // u32, number of events, at least 1
inline constexpr std::size_t kSizeAt = 20;            // u32, bytes of the whole commit
inline constexpr std::size_t kRecordedAt = 24;        // i64, ms since 1970 UTC, by the log's clock
inline constexpr std::size_t kWallAt = 32;            // i64, the same by the wall clock as it was
inline constexpr std::size_t kDurableThroughAt = 40;  // u64, last position known synced
inline constexpr std::size_t kPreviousAt = 48;        // 32 bytes, hash of the commit before
inline constexpr std::size_t kHeaderSize = 80;

// Header flags.
inline constexpr std::uint16_t kContinues = 1;  // the append goes on in the next commit
inline constexpr std::uint16_t kKnownHeaderFlags = kContinues;

// Row.
inline constexpr std::size_t kBodyOffsetAt = 0;       // u32, from the beginning of the bodies
inline constexpr std::size_t kBodySizeAt = 4;         // u32
inline constexpr std::size_t kContentSizeAt = 8;      // u32, of the body's first part
inline constexpr std::size_t kIdOffsetAt = 12;        // u32, in the body
inline constexpr std::size_t kIdSizeAt = 16;          // u16
inline constexpr std::size_t kStreamSizeAt = 18;      // u16
inline constexpr std::size_t kPayloadFieldAt = 20;    // u16
inline constexpr std::size_t kPayloadVersionAt = 22;  // u16
inline constexpr std::size_t kRevisionAt = 24;        // u64
inline constexpr std::size_t kRowFlagsAt = 32;        // u16
inline constexpr std::size_t kStreamOffsetAt = 34;    // u16, in the body
inline constexpr std::size_t kRowZeroAt = 36;         // u32, zero
inline constexpr std::size_t kContentDigestAt = 40;   // 32 bytes
inline constexpr std::size_t kCarriageDigestAt = 72;  // 32 bytes
inline constexpr std::size_t kRowSize = 104;

// Row flags.
inline constexpr std::uint16_t kNamesOthers = 1;
inline constexpr std::uint16_t kBackfill = 2;

// Trailer.
inline constexpr std::size_t kHashSize = 32;
inline constexpr std::size_t kChecksumSize = 8;
inline constexpr std::size_t kTrailerSize = kHashSize + kChecksumSize;

}  // namespace entente::log::layout
