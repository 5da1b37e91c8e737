// The query service behind a real ingest and projector: starts, restarts, waiting, refusals.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "services/query/replica_directory.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"
#include "views/store/digest.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using bus::MessageType;
using std::chrono::milliseconds;

v1::TimelineRequest TimelineAt(std::uint64_t at_least) {
  v1::TimelineRequest request;
  request.mutable_context()->set_today("2021-06-01");
  request.mutable_context()->set_at_least_position(at_least);
  request.set_page_size(1'000);
  return request;
}

// How many meetings there are once `position` is in the views.
int MeetingsAt(Spine& spine, std::uint64_t position) {
  client::Client client(spine.endpoints(), kPatience);
  const auto reply = client.Ask(TimelineAt(position));
  if (!reply) {
    ADD_FAILURE() << reply.error().front().ToString();
    return -1;
  }
  EXPECT_GE(reply->answered().position(), position);
  return reply->entries_size();
}

// The rows of the replica on the disk, whose service is stopped.
views::RowsDigest DigestOfReplica(const Spine& spine) {
  auto store = query::ReplicaDirectory(spine.data() / "replica").OpenCurrent();
  if (!store || !*store) {
    ADD_FAILURE() << "no replica";
    return {};
  }
  return views::DigestOfRows(*(*store)->TakeSnapshot()).value();
}

views::RowsDigest DigestOfProjector(Spine& spine) {
  return views::DigestOfRows(*spine.projector().store()->TakeSnapshot()).value();
}

TEST(Query, AnswersWhatWasAppended) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.Append({Scheduled("jp-in-2021", {"JP", "IN"}, "2021-04-24")});
  EXPECT_EQ(MeetingsAt(spine, last), 1);
  client::Client client(spine.endpoints(), kPatience);
  v1::MeetingRequest request;
  *request.mutable_context() = TimelineAt(last).context();
  request.set_id("jp-in-2021");
  const auto meeting = client.Ask(request);
  ASSERT_TRUE(meeting) << meeting.error().front().ToString();
  EXPECT_EQ(meeting->meeting().id(), "meeting/jp-in-2021");
  request.set_id("nobody");
  const auto none = client.Ask(request);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().front().reason, Reason::kNotFound);
}

TEST(Query, PartsMayStartInAnyOrder) {
  std::array parts = {0, 1, 2};
  do {
    Spine spine;
    for (const int part : parts) {
      if (part == 0) spine.StartIngest();
      if (part == 1) spine.StartProjector();
      if (part == 2) spine.StartQuery();
    }
    const std::uint64_t last = spine.AppendNumbered(0, 4);
    EXPECT_EQ(MeetingsAt(spine, last), 5) << parts[0] << parts[1] << parts[2];
  } while (std::ranges::next_permutation(parts).found);
}

TEST(Query, EachPartMayGoAndComeBack) {
  Spine spine;
  spine.StartAll();
  ASSERT_EQ(MeetingsAt(spine, spine.AppendNumbered(0, 4)), 5);

  spine.StopQuery();
  const std::uint64_t meanwhile = spine.AppendNumbered(5, 6);
  spine.StartQuery();
  EXPECT_EQ(MeetingsAt(spine, meanwhile), 7) << "query was away";

  spine.StopProjector();
  const std::uint64_t unprojected = spine.AppendNumbered(7, 8);
  EXPECT_EQ(MeetingsAt(spine, meanwhile), 7) << "answers from what it has";
  spine.StartProjector();
  EXPECT_EQ(MeetingsAt(spine, unprojected), 9) << "projector was away";

  spine.StopIngest();
  EXPECT_EQ(MeetingsAt(spine, unprojected), 9);
  spine.StartIngest();
  EXPECT_EQ(MeetingsAt(spine, spine.AppendNumbered(9, 9)), 10) << "ingest was away";
}

TEST(Query, ReplicaIsTheProjectorsRowsByteForByte) {
  Spine spine;
  spine.StartAll();
  for (int n = 0; n < 30; n += 3) spine.AppendNumbered(n, n + 2);
  std::uint64_t last = spine.Append({Postponed("numbered-000003", "2021-01-09")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  spine.StopQuery();
  const auto followed = DigestOfReplica(spine);
  EXPECT_EQ(followed.sha256, DigestOfProjector(spine).sha256);
  EXPECT_GT(followed.rows, 30U);

  // From nothing, by a checkpoint.
  std::filesystem::remove_all(spine.data() / "replica");
  spine.StartQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine).sha256, followed.sha256);

  // Too far behind for deltas, since the projector has none any more.
  spine.StopProjector();
  std::filesystem::remove_all(spine.data() / "deltas");
  last = spine.AppendNumbered(40, 49);
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  spine.StartQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  last = spine.AppendNumbered(50, 52);  // and follows again
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine).sha256, DigestOfProjector(spine).sha256);
}

// Each checkpoint that is read goes into a directory of the next number.
int CheckpointsRead(const Spine& spine) {
  int number = 0;
  std::ifstream(spine.data() / "replica/CURRENT") >> number;
  return number;
}

TEST(Query, AReplicaThatWasAwayIsServedFromTheProjectorsDisk) {
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 3)));
  ASSERT_EQ(CheckpointsRead(spine), 1);
  spine.StopQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(4, 9)));
  spine.StopProjector();  // and with it the ring
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(10, 12)));
  spine.StartQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 13));
  EXPECT_EQ(CheckpointsRead(spine), 1) << "it read a whole checkpoint";
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine).sha256, DigestOfProjector(spine).sha256);

  // Without them it needs one.
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(13, 14)));
  spine.StopProjector();
  std::filesystem::remove_all(spine.data() / "deltas");
  spine.StartProjector();
  spine.StartQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, 15));
  EXPECT_EQ(CheckpointsRead(spine), 2);
}

TEST(Query, ProjectorThatMakesItsRowsAnewIsFollowed) {
  Spine spine;
  spine.StartAll();
  std::uint64_t last = spine.AppendNumbered(0, 9);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  spine.StopProjector();
  std::filesystem::remove_all(spine.data() / "views");
  spine.StartProjector();
  last = spine.AppendNumbered(10, 11);
  EXPECT_EQ(MeetingsAt(spine, last), 12);
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine).sha256, DigestOfProjector(spine).sha256);
}

TEST(Query, RebuiltViewsAreTakenOver) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 9);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  spine.StopProjector();
  spine.StopIngest();
  ASSERT_TRUE(spine.RebuildStopped());
  EXPECT_EQ(MeetingsAt(spine, last), 10) << "from the generation before";
  spine.StartIngest();
  spine.StartProjector();
  const std::string generation = spine.projector().store()->generation();
  const auto taken = [&](const auto& status) { return status.generation() == generation; };
  EXPECT_TRUE(taken(spine.AwaitStatus(kQuery, taken)));
  EXPECT_EQ(MeetingsAt(spine, spine.AppendNumbered(10, 10)), 11);
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine).sha256, DigestOfProjector(spine).sha256);
}

TEST(Query, TwoReplicasFollowOneProjector) {
  Spine spine;
  spine.StartAll();
  const TemporaryDirectory elsewhere;
  const std::string at = "ipc://" + elsewhere.path().string();
  auto second = query::Service::Start({.data = elsewhere.path(),
                                       .projector = spine.endpoints().projector,
                                       .ingest = spine.endpoints().ingest,
                                       .listen = at + "/query.sock",
                                       .tail = at + "/tail.sock",
                                       .marker = "",
                                       .shared_store = nullptr},
                                      spine.context());
  ASSERT_TRUE(second) << second.error().ToString();
  client::Endpoints endpoints = spine.endpoints();
  endpoints.query = (*second)->endpoint();
  client::Client client(endpoints, kPatience);
  for (int n = 0; n < 5; ++n) {
    const std::uint64_t last = spine.AppendNumbered(n, n);
    const auto reply = client.Ask(TimelineAt(last));
    ASSERT_TRUE(reply) << reply.error().front().ToString();
    EXPECT_EQ(reply->entries_size(), n + 1);
    EXPECT_EQ(MeetingsAt(spine, last), n + 1);
  }
}

TEST(Query, DamagedReplicaIsFetchedAnew) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 9);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  spine.StopQuery();
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(spine.data() / "replica")) {
    if (entry.path().filename().string().starts_with("MANIFEST")) {
      std::filesystem::resize_file(entry.path(), 3);
    }
  }
  spine.StartQuery();
  EXPECT_EQ(MeetingsAt(spine, last), 10);
}

TEST(Query, WaitsForThePositionAskedFor) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 0);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  Wire wire(spine, spine.endpoints().query);
  const std::uint64_t waiting = wire.Send(MessageType::timeline_request, TimelineAt(last + 1));
  const std::uint64_t at_once = wire.Send(MessageType::timeline_request, TimelineAt(last));
  const auto first = wire.Receive();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->header.correlation, at_once) << "the other one is held";
  spine.AppendNumbered(1, 1);
  const auto second = wire.Receive();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->header.correlation, waiting);
  v1::TimelineReply reply;
  ASSERT_TRUE(bus::ParseBody(*second, &reply));
  EXPECT_EQ(reply.entries_size(), 2);
}

TEST(Query, SaysThatThePositionWasNotReachedInTime) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 0);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  Wire wire(spine, spine.endpoints().query);
  const auto late = wire.Ask<v1::TimelineReply>(MessageType::timeline_request, TimelineAt(last + 1),
                                                milliseconds(30));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().front().reason, Reason::kPositionAhead);
  EXPECT_EQ(late.error().front().field, "context.at_least_position");
}

TEST(Query, StoppingAnswersWhoWaits) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 0);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  Wire wire(spine, spine.endpoints().query);
  wire.Send(MessageType::timeline_request, TimelineAt(last + 1));
  wire.Send(MessageType::timeline_request, TimelineAt(last));
  ASSERT_TRUE(wire.Receive()) << "so the first one is held by now";
  spine.StopQuery();
  const auto stopped = wire.Receive();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().front().reason, Reason::kStopping);
}

TEST(Query, WithoutViewsItSaysSo) {
  Spine spine;
  spine.StartQuery();
  Wire wire(spine, spine.endpoints().query);
  const auto reply =
      wire.Ask<v1::TimelineReply>(MessageType::timeline_request, TimelineAt(0), milliseconds(30));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().front().reason, Reason::kUnreachable);
  const auto status = spine.AwaitStatus(
      kQuery, [](const auto& one) { return one.health() == v1::StatusReply::amber; });
  EXPECT_EQ(status.health(), v1::StatusReply::amber) << status.DebugString();
}

TEST(Query, RefusesToAnswerFromViewsOfAnotherLog) {
  Spine spine;
  spine.StartAll();
  ASSERT_EQ(MeetingsAt(spine, spine.AppendNumbered(0, 3)), 4);
  spine.StopQuery();
  spine.StopProjector();
  spine.StopIngest();
  std::filesystem::remove_all(spine.data() / "log");
  std::filesystem::remove_all(spine.data() / "views");
  spine.StartAll();
  const auto status = spine.AwaitStatus(
      kQuery, [](const auto& one) { return one.health() == v1::StatusReply::red; });
  ASSERT_EQ(status.health(), v1::StatusReply::red) << status.DebugString();
  EXPECT_NE(status.notes(0).find("LOG_DIVERGED"), std::string::npos) << status.notes(0);
  client::Client client(spine.endpoints(), kPatience);
  const auto reply = client.Ask(TimelineAt(0));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().front().reason, Reason::kLogDiverged);
}

TEST(Query, StatusTellsHowFarItIs) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 3);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  const auto status = spine.AwaitStatus(kQuery, [&](const auto& one) {
    return one.durable_position() == last && one.health() == v1::StatusReply::green;
  });
  EXPECT_EQ(status.service(), "query");
  EXPECT_EQ(status.health(), v1::StatusReply::green) << status.DebugString();
  EXPECT_EQ(status.durable_position(), last);
  EXPECT_EQ(status.generation(), spine.projector().store()->generation());
  const auto checkpoint = spine.projector().store()->checkpoint();
  EXPECT_EQ(status.chain_hash(), std::string(checkpoint.hash.begin(), checkpoint.hash.end()));
  EXPECT_GT(status.last_progress().seconds(), 0);
}

TEST(Query, GarbageIsAnsweredAndChangesNothing) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 3);
  Wire wire(spine, spine.endpoints().query);
  for (const MessageType::Value type :
       {MessageType::timeline_request, MessageType::meeting_request, MessageType::stats_request,
        MessageType::pending_request, MessageType::changes_request, MessageType::vocabulary_request,
        MessageType::subject_request, MessageType::subscribe_request, MessageType::credit,
        MessageType::unsubscribe, MessageType::settle_request, MessageType::parked_request,
        MessageType::replay_parked_request, MessageType::create_group_request,
        MessageType::list_groups_request, MessageType::delete_group_request}) {
    wire.SendBytes(type, "\xff\xff\xff\xff garbage");
    const auto reply = wire.Receive();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().front().reason, Reason::kMessageMalformed) << type;
  }
  for (const MessageType::Value type :
       {MessageType::settle_request, MessageType::parked_request,
        MessageType::replay_parked_request, MessageType::delete_group_request}) {
    wire.SendBytes(type, "");
    const auto reply = wire.Receive();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().front().reason, Reason::kGroupUnknown) << type;
  }
  SendNoise(spine, spine.endpoints().query);
  EXPECT_EQ(MeetingsAt(spine, last), 4);
}

}  // namespace
}  // namespace entente::spine
