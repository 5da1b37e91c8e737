// Keys of view rows: a view's byte, then its parts, so that bytes sort as the parts do.
//
//     [view u8][part]…      numbers big-endian and of fixed width; text ends with a zero byte
//
// No key is the prefix of another. No text that comes here holds a zero byte: stream names, codes,
// words, event ids and EDTF are all printable. docs/views.md lists every view byte by byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entente::views {

// Which view a row belongs to. Values are on disk.
enum class View : std::uint8_t {
  kStore = 0x00,         // the store's own: version, generation, checkpoint
  kSource = 0x10,        // number -> Source
  kSourceNumber = 0x11,  // digest of a Source -> its number
  kReport = 0x20,        // subject, position -> Report
  kEvent = 0x21,         // event id -> position, stream
  kActOn = 0x22,         // event id of a target -> positions and streams of acts on it
  kLeader = 0x23,        // stream -> first stream of its component
  kMembers = 0x24,       // first stream of a component -> all its streams
  kChange = 0x30,        // position, ordinal -> Change
  kPosting = 0x31,       // term, sort, first cursor -> block of cursors
  kMeeting = 0x40,       // meeting -> its state
  kAbsorbed = 0x41,      // meeting merged into another -> that other
  kTerm = 0x50,          // term, date, meeting -> flags
  kTermCount = 0x51,     // term -> how many meetings
  kClaimed = 0x52,       // term, date ever claimed, stream -> when it was first told
  kTold = 0x53,          // stream -> up to which position and day it was told of
  kCoarse = 0x54,        // term, span, date, meeting -> flags; of long dates only
  kPending = 0x60,       // class, date, meeting -> day behind which it has lapsed
  kFollowing = 0x61,     // kind, sides, date, meeting -> outcome; of those that are on
  kHorizon = 0x70,       // -> count and days of all reports
  kRecorded = 0x71,      // recorded time -> positions
  kReported = 0x72,      // period, its first day, first position -> block of reports
  kErasure = 0x7e,       // position erased -> its order, and whether its body was empty
  kParked = 0x7f,        // position -> error
};

// Builds a key, or the prefix of several.
class Key {
 public:
  explicit Key(View view) : bytes_(1, static_cast<char>(view)) {}

  Key& U8(std::uint8_t value) & { return Put(value, 1); }
  Key& U16(std::uint16_t value) & { return Put(value, 2); }
  Key& U32(std::uint32_t value) & { return Put(value, 4); }
  Key& U64(std::uint64_t value) & { return Put(value, 8); }
  Key& Text(std::string_view text) &;
  // Bytes of a width fixed by the view, as they are.
  Key& Fixed(std::string_view bytes) & {
    bytes_ += bytes;
    return *this;
  }

  Key&& U8(std::uint8_t value) && { return std::move(Put(value, 1)); }
  Key&& U16(std::uint16_t value) && { return std::move(Put(value, 2)); }
  Key&& U32(std::uint32_t value) && { return std::move(Put(value, 4)); }
  Key&& U64(std::uint64_t value) && { return std::move(Put(value, 8)); }
  Key&& Text(std::string_view text) && { return std::move(Text(text)); }
  Key&& Fixed(std::string_view bytes) && { return std::move(Fixed(bytes)); }

  const std::string& bytes() const& { return bytes_; }
  std::string bytes() && { return std::move(bytes_); }

 private:
  Key& Put(std::uint64_t value, unsigned width);
  std::string bytes_;
};

// The first key behind all that begin with `prefix`.
std::string EndOf(std::string_view prefix);

// Reads a key or a packed value from its front. After the first part that does not fit, every
// further one reads as zero or empty and ok() is false.
class KeyReader {
 public:
  explicit KeyReader(std::string_view bytes) : rest_(bytes) {}
  KeyReader& Skip(std::size_t n);
  std::uint8_t U8() { return static_cast<std::uint8_t>(Take(1)); }
  std::uint16_t U16() { return static_cast<std::uint16_t>(Take(2)); }
  std::uint32_t U32() { return static_cast<std::uint32_t>(Take(4)); }
  std::uint64_t U64() { return Take(8); }
  std::string_view Text();
  std::string_view Fixed(std::size_t n);
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }

 private:
  std::uint64_t Take(unsigned width);
  std::string_view rest_;
  bool ok_ = true;
};

// Numbers of a packed value, big-endian as in keys.
std::string PackU32(std::uint32_t value);
std::string PackU64(std::uint64_t value);

}  // namespace entente::views
