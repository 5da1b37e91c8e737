#include "services/ingest/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "bus/dealer.h"
#include "events.h"
#include "ingest_fixture.h"
#include "services/settings/data_directory.h"

namespace entente::ingest {
namespace {

using bus::MessageType;
using std::chrono::milliseconds;
using testing::ElementsAre;

class Ingest : public IngestFixture {};

TEST_F(Ingest, WhatIsAppendedIsReadBack) {
  const v1::AppendReply first = MustAppend(Batch({Postponed("a"), Postponed("b")}));
  ASSERT_EQ(first.events_size(), 2);
  EXPECT_EQ(first.events(0).position(), 1U);
  EXPECT_EQ(first.events(0).id(), "a");
  EXPECT_EQ(first.events(1).revision(), 2U);
  EXPECT_EQ(first.durable_position(), 2U);
  EXPECT_GT(first.recorded().seconds(), 0);

  EXPECT_EQ(MustAppend(Batch({Postponed("c", "meeting/other")})).events(0).revision(), 1U);
  EXPECT_THAT(AllIds(), ElementsAre("a", "b", "c"));
}

TEST_F(Ingest, ADuplicateIsAnsweredWithItsFirstPosition) {
  MustAppend(Batch({Postponed("a")}));
  const v1::AppendReply again = MustAppend(Batch({Postponed("a"), Postponed("b")}));
  EXPECT_TRUE(again.events(0).duplicate());
  EXPECT_EQ(again.events(0).position(), 1U);
  EXPECT_FALSE(again.events(1).duplicate());
  EXPECT_EQ(again.events(1).position(), 2U);
}

TEST_F(Ingest, AnotherContentUnderAKnownIdIsAConflict) {
  MustAppend(Batch({Postponed("a")}));
  v1::NewEvent other = Postponed("a");
  other.mutable_meeting_postponed()->set_reason("epidemic");
  const auto refused = client->Append(Batch({Postponed("b"), other}));
  ASSERT_FALSE(refused);
  EXPECT_THAT(Reasons(refused.error()), ElementsAre("ID_CONFLICT events[1].id"));
  EXPECT_EQ(refused.error().front().position, Position(1));
  EXPECT_THAT(AllIds(), ElementsAre("a")) << "all or nothing";
}

TEST_F(Ingest, AllFaultsOfABatchAreListedAndNothingIsStored) {
  v1::AppendRequest request = Batch({Postponed("a"), Postponed("b"), Postponed("c")});
  request.mutable_events(1)->mutable_meeting_postponed()->mutable_old_date()->set_edtf("2021-13");
  request.mutable_events(2)->mutable_meeting()->mutable_parties(1)->set_name("Atlantis");
  const auto refused = client->Append(request);
  ASSERT_FALSE(refused);
  EXPECT_THAT(Reasons(refused.error()),
              ElementsAre("DATE_INVALID events[1].meeting_postponed.old_date.edtf",
                          "PARTY_UNKNOWN events[2].meeting.parties[1].name"));
  EXPECT_EQ(Status().durable_position(), 0U);
}

TEST_F(Ingest, ADryRunStoresNothing) {
  MustAppend(Batch({Postponed("a")}));
  v1::AppendRequest request = Batch({Postponed("a"), Postponed("b")});
  request.set_dry_run(true);
  const v1::AppendReply reply = MustAppend(request);
  ASSERT_EQ(reply.events_size(), 2);
  EXPECT_TRUE(reply.events(0).duplicate());
  EXPECT_EQ(reply.events(1).position(), 0U);
  EXPECT_EQ(reply.events(1).id(), "b");
  EXPECT_THAT(AllIds(), ElementsAre("a"));
}

TEST_F(Ingest, ExpectedRevisionsAreChecked) {
  const auto expecting = [](const std::string& id, std::optional<std::uint64_t> revision) {
    v1::AppendRequest request = Batch({Postponed(id)});
    v1::Expectation* expected = request.add_expected();
    expected->set_stream(request.events(0).stream());
    if (revision) {
      expected->set_exact(*revision);
    } else {
      expected->set_no_stream(true);
    }
    return request;
  };
  MustAppend(expecting("a", std::nullopt));
  for (const auto& stale : {expecting("b", std::nullopt), expecting("b", 2)}) {
    const auto refused = client->Append(stale);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().front().reason, Reason::kRevisionConflict);
  }
  MustAppend(expecting("b", 1));
  EXPECT_THAT(AllIds(), ElementsAre("a", "b"));
}

TEST_F(Ingest, TypesAndSizesItDoesNotTakeAreRefused) {
  bus::Loop loop;
  auto dealer = *bus::Dealer::Connect(loop, context, service->endpoint());
  std::vector<Reason> reasons;
  const auto expect_error = [&](auto reply) {
    ASSERT_FALSE(reply);
    reasons.push_back(reply.error().front().reason);
    if (reasons.size() == 3) loop.Stop();
  };
  dealer->Request(MessageType::timeline_request, v1::StatusRequest(), milliseconds(10'000),
                  expect_error);
  dealer->Request(static_cast<MessageType::Value>(40'000), v1::StatusRequest(),
                  milliseconds(10'000), expect_error);
  v1::AppendRequest many;
  for (int i = 0; i < 10'001; ++i) many.add_events();
  dealer->Request(MessageType::append_request, many, milliseconds(10'000), expect_error);
  loop.Run();
  EXPECT_THAT(reasons,
              ElementsAre(Reason::kMessageType, Reason::kMessageType, Reason::kMessageTooLarge));
  MustAppend(Batch({Postponed("a")}));
}

TEST_F(Ingest, ARestartedServiceGoesOnWhereItWas) {
  MustAppend(Batch({Postponed("a"), Postponed("b")}));
  const v1::StatusReply before = Status();
  Restart();
  const v1::StatusReply after = Status();
  EXPECT_EQ(after.durable_position(), 2U);
  EXPECT_EQ(after.chain_hash(), before.chain_hash());
  EXPECT_TRUE(MustAppend(Batch({Postponed("a")})).events(0).duplicate());
  EXPECT_EQ(MustAppend(Batch({Postponed("c")})).events(0).position(), 3U);
}

TEST_F(Ingest, StopMayBeCalledAgain) {
  service->Stop();
  service->Stop();
  service.reset();
  StartService();
  EXPECT_EQ(Status().durable_position(), 0U);
}

TEST_F(Ingest, ADirectoryHasOneService) {
  auto second = Service::Start(ConfigOf("data"), context);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kStoreBusy);
  MustAppend(Batch({Postponed("a")}));
}

TEST_F(Ingest, AnEndpointThatIsTakenIsRefused) {
  auto second = Service::Start(ConfigOf("second", service->endpoint()), context);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kEndpointRefused);
}

TEST_F(Ingest, TheMarkerIsShown) {
  ASSERT_TRUE(settings::WriteMarker(directory.path() / "data", "SAMPLE"));
  Restart();
  EXPECT_EQ(Status().marker(), "SAMPLE");
  EXPECT_EQ(Status().data_directory(), (directory.path() / "data").string());
  EXPECT_EQ(Status().health(), v1::StatusReply::green);
}

}  // namespace
}  // namespace entente::ingest
