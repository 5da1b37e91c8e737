#include "log/commit_builder.h"

#include <xxhash.h>

#include <cstring>

#include "log/commit_layout.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

using namespace layout;

void PutDigest(char* at, const Digest& digest) { std::memcpy(at, digest.data(), digest.size()); }

void PutRow(char* row, const AdmittedEvent& admitted, std::uint32_t body_offset) {
  const PreparedEvent& event = *admitted.event;
  PutLittle(row + kBodyOffsetAt, body_offset);
  PutLittle(row + kBodySizeAt, event.body_size);
  PutLittle(row + kContentSizeAt, event.layout.content_size);
  PutLittle(row + kIdOffsetAt, event.layout.id_offset);
  PutLittle(row + kIdSizeAt, event.layout.id_size);
  PutLittle(row + kStreamSizeAt, event.layout.stream_size);
  PutLittle(row + kPayloadFieldAt, event.layout.payload_field);
  PutLittle(row + kPayloadVersionAt, admitted.payload_version);
  PutLittle(row + kRevisionAt, admitted.revision.value());
  PutLittle(row + kRowFlagsAt, static_cast<std::uint16_t>((event.names_others ? kNamesOthers : 0) |
                                                          (event.backfill ? kBackfill : 0)));
  PutLittle(row + kStreamOffsetAt, event.layout.stream_offset);
  PutLittle(row + kRowZeroAt, std::uint32_t{0});
  PutDigest(row + kContentDigestAt, event.content);
  PutDigest(row + kCarriageDigestAt, event.carriage);
}

}  // namespace

EncodedCommit EncodeCommit(const CommitHead& head, std::span<const AdmittedEvent> events,
                           Sha256& sha) {
  std::size_t bodies_size = 0;
  for (const AdmittedEvent& event : events) bodies_size += event.body.size();
  const std::size_t bodies_at = kHeaderSize + events.size() * kRowSize;
  const std::size_t hash_at = bodies_at + bodies_size;

  EncodedCommit commit;
  commit.bytes.reserve(hash_at + kTrailerSize);
  commit.bytes.resize(bodies_at);
  char* const at = commit.bytes.data();
  PutLittle(at + kMagicAt, kMagic);
  PutLittle(at + kVersionAt, kVersion);
  PutLittle(at + kFlagsAt, static_cast<std::uint16_t>(head.continues ? kContinues : 0));
  PutLittle(at + kFirstAt, head.first.value());
  PutLittle(at + kCountAt, static_cast<std::uint32_t>(events.size()));
  PutLittle(at + kSizeAt, static_cast<std::uint32_t>(hash_at + kTrailerSize));
  PutLittle(at + kRecordedAt, head.recorded.value());
  PutLittle(at + kWallAt, head.wall_ms);
  PutLittle(at + kDurableThroughAt, head.durable_through.value());
  PutDigest(at + kPreviousAt, head.previous);

  std::uint32_t body_offset = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    PutRow(at + kHeaderSize + i * kRowSize, events[i], body_offset);
    commit.bytes += events[i].body;
    body_offset += static_cast<std::uint32_t>(events[i].body.size());
  }

  commit.hash = sha.Of(std::string_view(at, bodies_at));
  commit.bytes += BytesOf(commit.hash);
  const std::uint64_t checksum = XXH3_64bits(commit.bytes.data(), commit.bytes.size());
  commit.bytes.resize(hash_at + kTrailerSize);
  PutLittle(commit.bytes.data() + hash_at + kHashSize, checksum);
  return commit;
}

}  // namespace entente::log
