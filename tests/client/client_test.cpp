#include "client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/ingest/service.h"
#include "tests/services/ingest/events.h"
#include "tests/services/settings/temporary_directory.h"

namespace entente::client {
namespace {

using ingest::Batch;
using ingest::Postponed;
using std::chrono::milliseconds;

class ClientOfIngest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = ingest::Service::Start({.data = directory.path(),
                                           .listen = "tcp://127.0.0.1:*",
                                           .allow_plaintext = false,
                                           .marker = ""},
                                          context);
    ASSERT_TRUE(started) << started.error().ToString();
    service = std::move(*started);
  }
  Endpoints endpoints() const { return {.ingest = service->endpoint()}; }

  settings::TemporaryDirectory directory;
  zmq::context_t context;
  std::unique_ptr<ingest::Service> service;
};

Reason ReasonOf(const auto& reply) {
  EXPECT_FALSE(reply);
  return reply.error().front().reason;
}

TEST_F(ClientOfIngest, AppendsAsksAndReads) {
  Client client(endpoints());
  const auto appended = client.Append(Batch({Postponed("a"), Postponed("b")}));
  ASSERT_TRUE(appended);
  EXPECT_EQ(appended->events(1).position(), 2U);
  EXPECT_EQ(client.Status(Client::Service::kIngest)->durable_position(), 2U);
  const auto page = client.ReadLog(Position(1), milliseconds(0));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->commits.size(), 1U);
  EXPECT_EQ(page->next, Position(3));
  EXPECT_EQ(page->durable, Position(2));
}

TEST_F(ClientOfIngest, ErrorsComeAsTheyAre) {
  Client client(endpoints());
  const auto refused = client.Append(Batch({Postponed("a"), Postponed("b c")}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().field, "events[1].id");
  EXPECT_EQ(ReasonOf(client.Append(Batch({Postponed("b c")}))), Reason::kEventIdInvalid);
}

TEST_F(ClientOfIngest, AServiceOfAnotherKindSaysSo) {
  Client client({.query = service->endpoint()});
  EXPECT_EQ(ReasonOf(client.Ask(v1::TimelineRequest())), Reason::kMessageType);
  EXPECT_EQ(ReasonOf(client.Ask(v1::StatsRequest())), Reason::kMessageType);
  EXPECT_EQ(ReasonOf(client.Ask(v1::DiffRequest())), Reason::kMessageType);
  // What is the projector's is asked of it and of no other.
  EXPECT_EQ(ReasonOf(client.Ask(v1::GenerationsRequest())), Reason::kEndpointRefused);
  Client projectors({.projector = service->endpoint()});
  EXPECT_EQ(ReasonOf(projectors.Ask(v1::GenerationsRequest())), Reason::kMessageType);
  EXPECT_EQ(ReasonOf(projectors.Ask(v1::ChangeGenerationsRequest())), Reason::kMessageType);
  EXPECT_EQ(ReasonOf(projectors.Ask(v1::ParkedEventsRequest())), Reason::kMessageType);
}

TEST_F(ClientOfIngest, APipelineAnswersInTheOrderSent) {
  Client client(endpoints());
  const auto pipeline = client.OpenPipeline(8);
  std::vector<int> answered;
  for (int i = 0; i < 100; ++i) {
    pipeline->Send(Batch({Postponed("p" + std::to_string(i))}),
                   [&, i](const Reply<v1::AppendReply>& reply) {
                     ASSERT_TRUE(reply);
                     answered.push_back(i);
                     // What was sent is open, and no more than the window.
                     EXPECT_EQ(reply->events(0).position(), static_cast<std::uint64_t>(i) + 1);
                   });
    EXPECT_GE(static_cast<int>(answered.size()), i - 8 + 1);
  }
  pipeline->Finish();
  ASSERT_EQ(answered.size(), 100U);
  EXPECT_TRUE(std::is_sorted(answered.begin(), answered.end()));
}

TEST_F(ClientOfIngest, APipelinesCallbackMayUseTheClient) {
  Client client(endpoints());
  const auto pipeline = client.OpenPipeline(4);
  int asked = 0;
  for (int i = 0; i < 20; ++i) {
    pipeline->Send(Batch({Postponed("p" + std::to_string(i))}), [&](const Reply<v1::AppendReply>&) {
      asked += client.Status(Client::Service::kIngest) ? 1 : 0;
    });
  }
  pipeline->Finish();
  EXPECT_EQ(asked, 20);
}

TEST_F(ClientOfIngest, APipelineWithoutAServiceAnswersWhatItWasGiven) {
  const Endpoints gone = endpoints();
  service->Stop();
  Client client(gone, milliseconds(50));
  const auto pipeline = client.OpenPipeline(4);
  int unreachable = 0;
  for (int i = 0; i < 6; ++i) {
    pipeline->Send(Batch({Postponed("p" + std::to_string(i))}),
                   [&](const Reply<v1::AppendReply>& reply) {
                     unreachable += ReasonOf(reply) == Reason::kUnreachable ? 1 : 0;
                   });
  }
  pipeline->Finish();
  EXPECT_EQ(unreachable, 6);
}

// A request that was given up must not be carried out once the service is back.
TEST_F(ClientOfIngest, WhatWasGivenUpIsNotSentLater) {
  const std::string endpoint = service->endpoint();
  service->Stop();
  service.reset();
  Client client({.ingest = endpoint}, milliseconds(50));
  EXPECT_EQ(ReasonOf(client.Append(Batch({Postponed("late")}))), Reason::kUnreachable);
  Result<std::unique_ptr<ingest::Service>> started;
  do {  // ZeroMQ frees the port of a closed socket a moment later
    started = ingest::Service::Start(
        {.data = directory.path(), .listen = endpoint, .allow_plaintext = false, .marker = ""},
        context);
  } while (!started && started.error().reason == Reason::kEndpointRefused);
  ASSERT_TRUE(started) << started.error().ToString();
  service = std::move(*started);
  Client patient({.ingest = endpoint});
  ASSERT_TRUE(patient.Append(Batch({Postponed("now")})));
  EXPECT_EQ(patient.Status(Client::Service::kIngest)->durable_position(), 1U);
}

TEST(ClientWithout, AnEndpointIsRefused) {
  Client client({});
  EXPECT_EQ(ReasonOf(client.Append({})), Reason::kEndpointRefused);
  EXPECT_EQ(ReasonOf(client.Status(Client::Service::kProjector)), Reason::kEndpointRefused);
  EXPECT_EQ(ReasonOf(client.Ask(v1::MeetingRequest())), Reason::kEndpointRefused);
  EXPECT_EQ(ReasonOf(Client({.ingest = "inproc://x"}).Append({})), Reason::kEndpointRefused);
  EXPECT_EQ(ReasonOf(Client({.ingest = "nonsense"}).Append({})), Reason::kEndpointRefused);
}

TEST(ClientWithout, AServiceIsUnreachableInTime) {
  Client client({.query = "tcp://127.0.0.1:9"}, milliseconds(30));
  EXPECT_EQ(ReasonOf(client.Ask(v1::PendingRequest())), Reason::kUnreachable);
  EXPECT_EQ(ReasonOf(client.Ask(v1::PendingRequest())), Reason::kUnreachable) << "again";
}

}  // namespace
}  // namespace entente::client
