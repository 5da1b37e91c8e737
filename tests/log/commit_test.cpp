// The bytes of a commit: round trips, damage, other formats.
#include "log/commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include "log/commit_builder.h"
#include "log/commit_layout.h"
#include "log/prepared_batch.h"
#include "tests/log/log_client.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

using testing::HasSubstr;

struct Encoded {
  PreparedBatch batch;
  EncodedCommit commit;
};

Encoded Encode(const v1::AppendRequest& request) {
  Sha256 sha;
  Encoded encoded;
  encoded.batch = Prepare(request, request.ByteSizeLong(), sha);
  std::vector<AdmittedEvent> events;
  for (const PreparedEvent& event : encoded.batch.events) {
    events.push_back({&event, encoded.batch.body(event), Revision(events.size() + 7), 1});
  }
  CommitHead head;
  head.first = Position(42);
  head.recorded = RecordedTime(1'620'000'000'123);
  head.wall_ms = 1'610'000'000'000;
  head.durable_through = Position(40);
  head.previous.fill(9);
  head.continues = true;
  encoded.commit = EncodeCommit(head, events, sha);
  return encoded;
}

std::string WithChecksum(std::string bytes) {
  const std::size_t covered = bytes.size() - layout::kChecksumSize;
  PutLittle(bytes.data() + covered, XXH3_64bits(bytes.data(), covered));
  return bytes;
}

TEST(Commit, GivesBackWhatWasPutIn) {
  v1::NewEvent second = Held("pair/IN-JP", "", "2021");
  second.set_backfill(true);
  second.mutable_statement_made()->add_about("country/JP");
  const auto encoded = Encode(Batch({Held("meeting/abc", "id-1"), second}));
  const auto view = CommitView::Parse(encoded.commit.bytes);
  ASSERT_TRUE(view) << view.error().ToString();
  EXPECT_EQ(view->first(), Position(42));
  EXPECT_EQ(view->last(), Position(43));
  EXPECT_EQ(view->count(), 2);
  EXPECT_EQ(view->recorded(), RecordedTime(1'620'000'000'123));
  EXPECT_EQ(view->wall_ms(), 1'610'000'000'000);
  EXPECT_EQ(view->durable_through(), Position(40));
  EXPECT_TRUE(view->continues());
  EXPECT_EQ(view->previous_hash()[31], 9);
  EXPECT_EQ(view->hash(), encoded.commit.hash);
  Sha256 sha;
  EXPECT_EQ(view->Rehash(sha), encoded.commit.hash);

  const EventView first = view->event(0);
  EXPECT_EQ(first.position, Position(42));
  EXPECT_EQ(first.revision, Revision(7));
  EXPECT_EQ(first.stream, "meeting/abc");
  EXPECT_EQ(first.id, "id-1");
  EXPECT_EQ(first.payload_field, v1::NewEvent::kMeetingHeldFieldNumber);
  EXPECT_FALSE(first.backfill || first.names_others || first.erased);
  EXPECT_EQ(first.body, Held("meeting/abc", "id-1").SerializeAsString());
  EXPECT_EQ(first.content, Held("meeting/abc", "").SerializeAsString());
  EXPECT_EQ(std::string(first.content) + std::string(first.carriage), first.body);
  EXPECT_EQ(first.content_digest, BytesOf(sha.Of(first.content)));
  EXPECT_EQ(first.carriage_digest, BytesOf(sha.Of(first.carriage)));

  const EventView other = view->event(1);
  EXPECT_TRUE(other.backfill);
  EXPECT_TRUE(other.names_others);
  EXPECT_EQ(other.id, IdFromContent(DigestFrom(other.content_digest)));
  v1::NewEvent parsed;
  ASSERT_TRUE(parsed.ParseFromString(std::string(other.body)));
  EXPECT_EQ(parsed.id(), other.id);
  EXPECT_TRUE(parsed.backfill());
}

TEST(Commit, EveryTruncationIsRefused) {
  const std::string bytes = Encode(Batch({Held("meeting/abc", "id-1")})).commit.bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto view = CommitView::Parse(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(view) << size;
    EXPECT_EQ(view.error().reason, Reason::kStoreDamaged);
  }
}

TEST(Commit, EveryFlippedBitIsRefused) {
  const std::string bytes = Encode(Batch({Held("meeting/abc", "id-1")})).commit.bytes;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto view = CommitView::Parse(flipped);
    ASSERT_FALSE(view) << "bit " << bit;
    EXPECT_EQ(view.error().reason, Reason::kStoreDamaged);
  }
}

TEST(Commit, ANewerFormatIsNamed) {
  std::string bytes = Encode(Batch({Held("meeting/abc", "id-1")})).commit.bytes;
  PutLittle(bytes.data() + layout::kVersionAt, std::uint16_t{2});
  const auto view = CommitView::Parse(WithChecksum(bytes));
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().reason, Reason::kStoreFormat);
  EXPECT_THAT(view.error().message, HasSubstr("format 2"));
}

// A flag that this version does not know may change what the rest means.
TEST(Commit, AFlagOfANewerFormatIsRefused) {
  std::string bytes = Encode(Batch({Held("meeting/abc", "id-1")})).commit.bytes;
  PutLittle(bytes.data() + layout::kFlagsAt, std::uint16_t{2});
  const auto view = CommitView::Parse(WithChecksum(bytes));
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().reason, Reason::kStoreFormat);
  EXPECT_THAT(view.error().message, HasSubstr("flags 0x2"));
}

// Someone who writes a right checksum over wrong lengths must not make us read out of bounds.
TEST(Commit, RowsThatPointOutsideAreRefused) {
  const std::string bytes = Encode(Batch({Held("meeting/abc", "id-1")})).commit.bytes;
  for (const std::size_t field :
       {layout::kBodyOffsetAt, layout::kBodySizeAt, layout::kContentSizeAt, layout::kIdOffsetAt,
        layout::kIdSizeAt, layout::kStreamSizeAt, layout::kStreamOffsetAt, layout::kRowZeroAt}) {
    std::string wrong = bytes;
    PutLittle(wrong.data() + layout::kHeaderSize + field, std::uint16_t{0xffff});
    const auto view = CommitView::Parse(WithChecksum(wrong));
    ASSERT_FALSE(view) << "row field at " << field;
    EXPECT_EQ(view.error().reason, Reason::kStoreDamaged);
  }
  for (const std::size_t field : {layout::kCountAt, layout::kSizeAt, layout::kFirstAt}) {
    std::string wrong = bytes;
    PutLittle(wrong.data() + field, std::uint32_t{0});
    EXPECT_FALSE(CommitView::Parse(WithChecksum(wrong))) << "header field at " << field;
  }
}

TEST(Body, IsScannedWithoutBeingParsed) {
  v1::NewEvent event = Held("meeting/abc", "id-1");
  event.set_backfill(true);
  const std::string body = event.SerializeAsString();
  const auto layout = ScanBody(body);
  ASSERT_TRUE(layout);
  EXPECT_EQ(body.substr(layout->stream_offset, layout->stream_size), "meeting/abc");
  EXPECT_EQ(body.substr(layout->id_offset, layout->id_size), "id-1");
  EXPECT_EQ(body.substr(layout->content_size), std::string("\xa2\x06\x04id-1\xc0\x06\x01"));
}

TEST(Body, AContentFieldBehindCarriageIsUnknown) {
  const std::string body = Held("meeting/abc", "id-1").SerializeAsString() + "\xda\x03\x01z";
  EXPECT_EQ(ScanBody(body).error().reason, Reason::kFieldUnknown);
  for (const std::string_view bytes :
       {std::string_view("\x0a"), std::string_view("\x0a\x05zz"), std::string_view("\x07"),
        std::string_view("\x80"), std::string_view("\0", 1)}) {
    EXPECT_FALSE(ScanBody(bytes)) << testing::PrintToString(bytes);
  }
}

TEST(Digest, MakesIdsOfBase32) {
  Digest digest{};
  EXPECT_EQ(IdFromContent(digest), "x-aaaaaaaaaaaaaaaaaaaaaaaaaa");
  digest.fill(0xff);
  EXPECT_EQ(IdFromContent(digest), "x-77777777777777777777777774");
  // RFC 4648, section 10: "foobar" is mzxw6ytboi; here with zeros behind.
  digest = {'f', 'o', 'o', 'b', 'a', 'r'};
  EXPECT_EQ(IdFromContent(digest), "x-mzxw6ytboiaaaaaaaaaaaaaaaa");
}

// FIPS 180-2, appendix B.1.
TEST(Digest, IsSha256) {
  Sha256 sha;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Hex(BytesOf(sha.Of("a", "bc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}

}  // namespace
}  // namespace entente::log
