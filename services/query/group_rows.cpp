#include "services/query/group_rows.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "log/wal_evidence.h"
#include "values/byte_order.h"

namespace entente::query {
namespace {

using Kind = Group::Row::Kind;

// magic, format u32, position u64, chain hash, batch u64, durable u64, sum u64, checksum u64
constexpr std::string_view kMagic = "ENTG";
constexpr std::uint32_t kFormat = 2;
constexpr std::size_t kHeadBytes = 80;
// Format 1: format u32, position u64, chain hash.
constexpr std::size_t kHeadBytesOf1 = 44;
constexpr std::size_t kCursorBytes = 10;

char Byte(Kind kind) {
  switch (kind) {
    case Kind::kGroup:
      return 1;
    case Kind::kInFlight:
      return 2;
    case Kind::kParked:
      return 3;
  }
  return 0;
}

template <class T>
void Append(T number, std::string* bytes) {
  char big[sizeof number];
  PutBig(big, number);
  bytes->append(big, sizeof number);
}

log::ChainPoint ChainPointAt(const char* at) {
  log::ChainPoint point{.position = Position(GetBig<std::uint64_t>(at)), .hash = {}};
  std::memcpy(point.hash.data(), at + 8, point.hash.size());
  return point;
}

std::uint64_t ChecksumOf(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace

std::string PrefixOf(Kind kind, const std::string& group) {
  return std::string(1, Byte(kind)) + group + '\0';
}

std::string KeyOf(Kind kind, const std::string& group, const Cursor& cursor) {
  std::string key = PrefixOf(kind, group);
  if (kind == Kind::kGroup) return key;
  Append(cursor.position.value(), &key);
  Append(cursor.ordinal.value(), &key);
  return key;
}

Cursor CursorOfKey(std::string_view key) {
  const char* const at = key.data() + key.size() - kCursorBytes;
  return {Position(GetBig<std::uint64_t>(at)), Ordinal(GetBig<std::uint16_t>(at + 8))};
}

std::string EncodeHead(const GroupHead& head) {
  std::string bytes(kMagic);
  Append(kFormat, &bytes);
  Append(head.known.position.value(), &bytes);
  bytes += log::BytesOf(head.known.hash);
  Append(head.batch, &bytes);
  Append(head.durable, &bytes);
  Append(head.sum, &bytes);
  Append(ChecksumOf(bytes), &bytes);
  return bytes;
}

Result<GroupHead> DecodeHead(std::string_view bytes) {
  const bool of_1 = bytes.size() == kHeadBytesOf1 && GetBig<std::uint32_t>(bytes.data()) == 1;
  if (of_1) return GroupHead{.known = ChainPointAt(bytes.data() + 4), .summed = false};
  const bool ours = bytes.size() >= kMagic.size() + 4 && bytes.starts_with(kMagic);
  const std::uint32_t format = ours ? GetBig<std::uint32_t>(bytes.data() + kMagic.size()) : 0;
  if (format != kFormat) {
    return Fail(Reason::kStoreFormat, "subscriptions", "",
                ours ? fmt::format("durable subscriptions of format {}, and this version reads "
                                   "formats 1 and {}",
                                   format, kFormat)
                     : std::string("not durable subscriptions"));
  }
  if (bytes.size() != kHeadBytes || ChecksumOf(bytes.substr(0, kHeadBytes - 8)) !=
                                        GetBig<std::uint64_t>(bytes.data() + kHeadBytes - 8)) {
    return Fail(Reason::kStoreDamaged, "subscriptions", "", "the head row is damaged");
  }
  return GroupHead{.known = ChainPointAt(bytes.data() + 8),
                   .batch = GetBig<std::uint64_t>(bytes.data() + 48),
                   .durable = GetBig<std::uint64_t>(bytes.data() + 56),
                   .sum = GetBig<std::uint64_t>(bytes.data() + 64)};
}

std::uint64_t DigestOf(std::string_view key, std::string_view value) {
  return XXH3_64bits_withSeed(value.data(), value.size(), ChecksumOf(key));
}

std::uint64_t DurableInWal(const std::filesystem::path& file) {
  const std::string content = log::ContentOfWal(file);
  const std::string_view bytes = content;
  std::uint64_t durable = 0;
  for (std::size_t at = bytes.find(kMagic); at != std::string_view::npos;
       at = bytes.find(kMagic, at + 1)) {
    const auto head = DecodeHead(bytes.substr(at, kHeadBytes));
    if (head) durable = std::max(durable, head->durable);
  }
  return durable;
}

}  // namespace entente::query
