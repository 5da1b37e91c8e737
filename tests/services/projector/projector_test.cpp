// The projector between a real ingest and whoever reads it.
#include <gtest/gtest.h>

#include <fstream>

#include "bus/frame.h"
#include "entente/v1/view.pb.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"
#include "views/store/digest.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using bus::MessageType;

log::Digest DigestOf(const views::ViewStore& store) {
  return views::DigestOfRows(*store.TakeSnapshot()).value().sha256;
}

TEST(Projector, ProjectsWhatIsAppended) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  const std::uint64_t last = spine.AppendNumbered(0, 9);
  EXPECT_EQ(last, 10U);
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  const auto status = spine.AwaitStatus(kProjector, [](const auto&) { return true; });
  EXPECT_EQ(status.service(), "projector");
  EXPECT_EQ(status.health(), v1::StatusReply::green) << status.DebugString();
  EXPECT_EQ(status.durable_position(), last);
  EXPECT_EQ(status.chain_hash().size(), 32U);
  EXPECT_GT(status.last_progress().seconds(), 0);
  EXPECT_EQ(status.data_directory(), spine.data().string());
  EXPECT_EQ(status.parked(), 0U);
}

TEST(Projector, WaitsForIngest) {
  Spine spine;
  spine.StartProjector();
  const auto alone = spine.AwaitStatus(
      kProjector, [](const auto& status) { return status.health() == v1::StatusReply::amber; });
  EXPECT_EQ(alone.health(), v1::StatusReply::amber);
  ASSERT_EQ(alone.notes_size(), 1);
  EXPECT_NE(alone.notes(0).find(spine.endpoints().ingest), std::string::npos) << alone.notes(0);
  spine.StartIngest();
  EXPECT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 3)));
  const auto status = spine.AwaitStatus(kProjector, [](const auto&) { return true; });
  EXPECT_EQ(status.health(), v1::StatusReply::green) << status.DebugString();
}

TEST(Projector, GoesOnWhereItStoodWhicheverPartWasAway) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 3)));
  spine.StopProjector();
  const std::uint64_t meanwhile = spine.AppendNumbered(4, 7);
  spine.StopIngest();
  spine.StartProjector();
  spine.StartIngest();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, meanwhile));
  spine.StopIngest();
  spine.StartIngest();
  EXPECT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(8, 9)));
}

// Catching up in large pages and following event by event are the same rows.
TEST(Projector, RowsDoNotDependOnHowTheLogWasCut) {
  Spine followed;
  followed.StartIngest();
  followed.StartProjector();
  std::uint64_t last = 0;
  for (int n = 0; n < 40; ++n) {
    last = followed.AppendNumbered(n, n);
    ASSERT_TRUE(followed.AwaitCheckpoint(kProjector, last));
  }
  const log::Digest step_by_step = DigestOf(*followed.projector().store());
  followed.StopProjector();
  std::filesystem::remove_all(followed.data() / "views");
  followed.StartProjector();
  ASSERT_TRUE(followed.AwaitCheckpoint(kProjector, last));
  EXPECT_EQ(DigestOf(*followed.projector().store()), step_by_step);
}

TEST(Projector, RefusesALogThatIsNotItsOwn) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 3)));
  const log::Digest before = DigestOf(*spine.projector().store());
  spine.StopIngest();
  std::filesystem::rename(spine.data() / "log", spine.data() / "log.away");
  spine.StartIngest();
  const auto refused = spine.AwaitStatus(
      kProjector, [](const auto& status) { return status.health() == v1::StatusReply::red; });
  ASSERT_EQ(refused.health(), v1::StatusReply::red) << refused.DebugString();
  EXPECT_NE(refused.notes(0).find("LOG_DIVERGED"), std::string::npos) << refused.notes(0);

  // Nor once the other log has grown beyond ours.
  spine.AppendNumbered(10, 19);
  client::Client client(spine.endpoints());
  const auto still = client.Status(kProjector);
  ASSERT_TRUE(still);
  EXPECT_EQ(still->health(), v1::StatusReply::red);
  EXPECT_EQ(still->checkpoint(), 4U);
  EXPECT_EQ(DigestOf(*spine.projector().store()), before);

  // The right log back: it goes on by itself.
  spine.StopIngest();
  std::filesystem::remove_all(spine.data() / "log");
  std::filesystem::rename(spine.data() / "log.away", spine.data() / "log");
  spine.StartIngest();
  EXPECT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(4, 5)));
}

TEST(Projector, CheckpointReadInChunksIsTheStoreItself) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 49)));
  Wire wire(spine, spine.endpoints().projector);
  auto copy =
      views::ViewStore::Open(spine.data() / "copy", spine.projector().store()->generation());
  ASSERT_TRUE(copy) << copy.error().ToString();
  v1::ReadCheckpointRequest request;
  request.set_max_bytes(2'000);
  int chunks = 0;
  while (true) {
    const auto chunk =
        wire.Ask<v1::ReadCheckpointReply>(MessageType::read_checkpoint_request, request);
    ASSERT_TRUE(chunk) << chunk.error().front().ToString();
    ++chunks;
    ASSERT_TRUE((*copy)->Load(*chunk));
    if (chunk->last()) break;
    EXPECT_EQ((*copy)->checkpoint().position, Position()) << "not before the last chunk";
    request.set_checkpoint(chunk->checkpoint());
    request.set_after_key(chunk->rows(chunk->rows_size() - 1).key());
    // What is appended meanwhile is not in it.
    spine.AppendNumbered(100 + chunks, 100 + chunks);
  }
  EXPECT_GT(chunks, 3);
  EXPECT_EQ((*copy)->checkpoint().position, Position(50));
  // Deltas bring it to the head.
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, 50U + static_cast<unsigned>(chunks) - 1));
  v1::ReadDeltasRequest onward;
  onward.set_generation((*copy)->generation());
  onward.set_from_position(50);
  const auto hash = (*copy)->checkpoint().hash;
  onward.set_chain_hash(hash.data(), hash.size());
  const auto behind = wire.Ask<v1::ReadDeltasReply>(MessageType::read_deltas_request, onward);
  ASSERT_TRUE(behind);
  EXPECT_TRUE(behind->behind()) << "nobody read deltas before, so none were kept";

  request.set_checkpoint("no-such");
  const auto unknown =
      wire.Ask<v1::ReadCheckpointReply>(MessageType::read_checkpoint_request, request);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().front().reason, Reason::kNotFound);
}

TEST(Projector, HoldsARequestForDeltasUntilThereAreSome) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 3)));
  const auto store = spine.projector().store();
  v1::ReadDeltasRequest request;
  request.set_generation(store->generation());
  request.set_from_position(4);
  const auto at = store->checkpoint();
  request.set_chain_hash(at.hash.data(), at.hash.size());

  Wire wire(spine, spine.endpoints().projector);
  wire.Send(MessageType::read_deltas_request, request, kPatience);
  Wire other(spine, spine.endpoints().projector);  // its answer shows that ours is being held
  ASSERT_TRUE(other.Ask<v1::StatusReply>(MessageType::status_request, v1::StatusRequest()));
  spine.AppendNumbered(4, 4);
  const auto reply = wire.Receive();
  ASSERT_TRUE(reply);
  ASSERT_EQ(reply->body.size(), 2U);
  v1::ViewDelta delta;
  ASSERT_TRUE(delta.ParseFromString(std::string(reply->frame(1))));
  EXPECT_EQ(delta.from_position(), 4U);
  EXPECT_EQ(delta.to_position(), 5U);
  EXPECT_GT(delta.rows_size(), 0);

  // Of another log at the same position.
  request.set_chain_hash(std::string(32, 'x'));
  const auto refused = wire.Ask<v1::ReadDeltasReply>(MessageType::read_deltas_request, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().reason, Reason::kLogDiverged);

  // With nothing new, empty at the deadline.
  request.set_from_position(5);
  const auto now = store->checkpoint();
  request.set_chain_hash(now.hash.data(), now.hash.size());
  const auto empty = wire.Ask<v1::ReadDeltasReply>(MessageType::read_deltas_request, request,
                                                   std::chrono::milliseconds(20));
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->behind());
  EXPECT_EQ(empty->checkpoint(), 5U);
}

TEST(Projector, AnswersOnlyItsOwnMessages) {
  Spine spine;
  spine.StartProjector();
  Wire wire(spine, spine.endpoints().projector);
  const auto refused = wire.Ask<v1::AppendReply>(MessageType::append_request, v1::AppendRequest());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().reason, Reason::kMessageType);
}

TEST(Projector, SecondOneOnADirectoryIsToldWhoHoldsIt) {
  Spine spine;
  spine.StartProjector();
  const auto second = projector::Service::Start({.data = spine.data(),
                                                 .ingest = "inproc://nobody",
                                                 .listen = "inproc://second",
                                                 .marker = ""},
                                                spine.context());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kStoreBusy) << second.error().ToString();
}

TEST(Projector, GarbageIsAnsweredAndChangesNothing) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  Wire wire(spine, spine.endpoints().projector);
  for (const MessageType::Value type :
       {MessageType::read_deltas_request, MessageType::read_checkpoint_request}) {
    wire.SendBytes(type, "\xff\xff\xff\xff garbage");
    const auto reply = wire.Receive();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().front().reason, Reason::kMessageMalformed);
  }
  SendNoise(spine, spine.endpoints().projector);
  EXPECT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 3)));
}

}  // namespace
}  // namespace entente::spine
