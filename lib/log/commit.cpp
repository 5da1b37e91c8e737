#include "log/commit.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "log/commit_layout.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

using namespace layout;

tl::unexpected<Error> Damaged(std::string message) {
  return Fail(Reason::kStoreDamaged, "", "", std::move(message));
}

// Does [offset, offset + size) lie in [0, bound)?
bool Fits(std::uint64_t offset, std::uint64_t size, std::uint64_t bound) {
  return offset + size <= bound;
}

bool RowFits(const char* row, std::uint64_t bodies_size) {
  const auto body_size = GetLittle<std::uint32_t>(row + kBodySizeAt);
  return Fits(GetLittle<std::uint32_t>(row + kBodyOffsetAt), body_size, bodies_size) &&
         body_size > 0 && GetLittle<std::uint32_t>(row + kContentSizeAt) <= body_size &&
         Fits(GetLittle<std::uint32_t>(row + kIdOffsetAt),
              GetLittle<std::uint16_t>(row + kIdSizeAt), body_size) &&
         Fits(GetLittle<std::uint16_t>(row + kStreamOffsetAt),
              GetLittle<std::uint16_t>(row + kStreamSizeAt), body_size) &&
         GetLittle<std::uint32_t>(row + kRowZeroAt) == 0;
}

}  // namespace

Result<CommitView> CommitView::Parse(std::string_view bytes) {
  const char* const at = bytes.data();
  if (bytes.size() < kHeaderSize + kTrailerSize) {
    return Damaged(fmt::format("a commit of {} bytes is shorter than its header", bytes.size()));
  }
  if (GetLittle<std::uint32_t>(at + kMagicAt) != kMagic) {
    return Damaged("what should be a commit does not begin with ENTC");
  }
  const auto checksum = GetLittle<std::uint64_t>(at + bytes.size() - kChecksumSize);
  if (XXH3_64bits(at, bytes.size() - kChecksumSize) != checksum) {
    return Damaged(
        fmt::format("the checksum of the commit said to begin at position {} does not "
                    "match its bytes",
                    GetLittle<std::uint64_t>(at + kFirstAt)));
  }
  // Only behind the checksum is a strange version a newer format and not damage.
  const auto version = GetLittle<std::uint16_t>(at + kVersionAt);
  const auto flags = GetLittle<std::uint16_t>(at + kFlagsAt);
  if (version != kVersion || (flags & ~kKnownHeaderFlags) != 0) {
    return Fail(Reason::kStoreFormat, "", std::to_string(version),
                fmt::format("the commit at position {} has format {} (flags {:#x}); this version "
                            "reads format {}",
                            GetLittle<std::uint64_t>(at + kFirstAt), version, flags, kVersion));
  }

  CommitView view;
  view.bytes_ = bytes;
  view.head_.first = Position(GetLittle<std::uint64_t>(at + kFirstAt));
  view.head_.count = GetLittle<std::uint32_t>(at + kCountAt);
  view.head_.recorded = RecordedTime(GetLittle<std::int64_t>(at + kRecordedAt));
  view.head_.wall_ms = GetLittle<std::int64_t>(at + kWallAt);
  view.head_.durable_through = Position(GetLittle<std::uint64_t>(at + kDurableThroughAt));
  view.head_.continues = (flags & kContinues) != 0;
  view.head_.previous = DigestFrom(bytes.substr(kPreviousAt, kHashSize));
  view.head_.hash = DigestFrom(bytes.substr(bytes.size() - kTrailerSize, kHashSize));

  const std::uint64_t rows_size = std::uint64_t{view.head_.count} * kRowSize;
  if (GetLittle<std::uint32_t>(at + kSizeAt) != bytes.size() || view.head_.count == 0 ||
      view.head_.first == Position() ||
      !Fits(kHeaderSize, rows_size, bytes.size() - kTrailerSize)) {
    return Damaged(fmt::format("the lengths of the commit at position {} do not fit its {} bytes",
                               view.head_.first.value(), bytes.size()));
  }
  view.rows_ = bytes.substr(kHeaderSize, rows_size);
  view.bodies_ =
      bytes.substr(kHeaderSize + rows_size, bytes.size() - kTrailerSize - kHeaderSize - rows_size);
  for (std::uint32_t i = 0; i < view.head_.count; ++i) {
    if (!RowFits(view.rows_.data() + i * kRowSize, view.bodies_.size())) {
      return Damaged(fmt::format("the table row of position {} points outside its commit",
                                 view.head_.first.value() + i));
    }
  }
  return view;
}

Digest CommitView::Rehash(Sha256& sha) const {
  return sha.Of(bytes_.substr(0, kHeaderSize + rows_.size()));
}

EventView CommitView::event(std::uint32_t i) const {
  const char* const row = rows_.data() + i * kRowSize;
  EventView event;
  event.position = head_.first.Plus(i);
  event.revision = Revision(GetLittle<std::uint64_t>(row + kRevisionAt));
  event.recorded = head_.recorded;
  event.body = bodies_.substr(GetLittle<std::uint32_t>(row + kBodyOffsetAt),
                              GetLittle<std::uint32_t>(row + kBodySizeAt));
  const auto content_size = GetLittle<std::uint32_t>(row + kContentSizeAt);
  event.content = event.body.substr(0, content_size);
  event.carriage = event.body.substr(content_size);
  event.stream = event.body.substr(GetLittle<std::uint16_t>(row + kStreamOffsetAt),
                                   GetLittle<std::uint16_t>(row + kStreamSizeAt));
  event.id = event.body.substr(GetLittle<std::uint32_t>(row + kIdOffsetAt),
                               GetLittle<std::uint16_t>(row + kIdSizeAt));
  event.content_digest = {row + kContentDigestAt, kHashSize};
  event.carriage_digest = {row + kCarriageDigestAt, kHashSize};
  event.payload_field = GetLittle<std::uint16_t>(row + kPayloadFieldAt);
  event.payload_version = GetLittle<std::uint16_t>(row + kPayloadVersionAt);
  const auto flags = GetLittle<std::uint16_t>(row + kRowFlagsAt);
  event.names_others = (flags & kNamesOthers) != 0;
  event.backfill = (flags & kBackfill) != 0;
  // No protobuf message begins with a zero byte: there is no field 0.
  event.erased = event.body.front() == '\0';
  return event;
}

}  // namespace entente::log
