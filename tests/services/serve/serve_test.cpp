// All three parts in one process.
#include "services/serve/serve.h"

#include <gtest/gtest.h>

#include "services/settings/running.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"

namespace entente::serve {
namespace {

using enum client::Client::Service;
using spine::Batch;
using spine::kPatience;

// On free ports.
Config On(const std::filesystem::path& data) {
  return {.data = data,
          .ephemeral = data.empty(),
          .ingest = "tcp://127.0.0.1:*",
          .projector = "tcp://127.0.0.1:*",
          .query = "tcp://127.0.0.1:*",
          .tail = "tcp://127.0.0.1:*",
          .marker = "SAMPLE"};
}

v1::TimelineRequest TimelineAt(std::uint64_t at_least) {
  v1::TimelineRequest request;
  request.mutable_context()->set_today("2021-06-01");
  request.mutable_context()->set_at_least_position(at_least);
  return request;
}

TEST(Serve, AnswersWhatWasAppendedAlsoAfterARestart) {
  const spine::TemporaryDirectory directory;
  for (int run = 1; run <= 3; ++run) {
    auto server = Server::Start(On(directory.path() / "data"));
    ASSERT_TRUE(server) << server.error().ToString();
    client::Client client((*server)->endpoints(), kPatience);
    const auto appended = client.Append(Batch({spine::Numbered(run)}));
    ASSERT_TRUE(appended) << appended.error().front().ToString();
    EXPECT_EQ(appended->events(0).position(), static_cast<std::uint64_t>(run));
    const auto timeline = client.Ask(TimelineAt(appended->events(0).position()));
    ASSERT_TRUE(timeline) << timeline.error().front().ToString();
    EXPECT_EQ(timeline->entries_size(), run);
    for (const auto service : {kIngest, kProjector, kQuery}) {
      const auto status = client.Status(service);
      ASSERT_TRUE(status);
      EXPECT_EQ(status->health(), v1::StatusReply::green) << status->DebugString();
      EXPECT_EQ(status->marker(), "SAMPLE");
    }
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "data" / "replica"))
        << "one copy of the views";
    (*server)->Stop();
  }
}

// One store for projector and query, and another one after the rebuild.
TEST(Serve, ARebuildIsAnsweredFromWhileItRuns) {
  auto server = Server::Start(On(""));
  ASSERT_TRUE(server) << server.error().ToString();
  client::Client client((*server)->endpoints(), kPatience);
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(client.Append(Batch({spine::Numbered(n)})));
  ASSERT_EQ(client.Ask(TimelineAt(5))->entries_size(), 5);

  zmq::context_t context;
  spine::Wire wire(context, (*server)->endpoints().projector);
  const auto change = [&](const v1::ChangeGenerationsRequest& request) {
    return wire.Ask<v1::GenerationsReply>(bus::MessageType::change_generations_request, request);
  };
  v1::ChangeGenerationsRequest rebuild;
  rebuild.mutable_rebuild();
  ASSERT_TRUE(change(rebuild));
  ASSERT_TRUE(spine::Await([&] {
    const auto reply = client.Ask(TimelineAt(5));
    EXPECT_TRUE(reply && reply->entries_size() == 5);
    return reply && reply->answered().generation() == "g2";
  }));
  ASSERT_TRUE(client.Append(Batch({spine::Numbered(5)})));
  EXPECT_EQ(client.Ask(TimelineAt(6))->entries_size(), 6);

  // Nobody reads the old one for ever.
  v1::ChangeGenerationsRequest drop;
  drop.set_drop("g1");
  EXPECT_TRUE(spine::Await([&] { return change(drop).has_value(); }));
  EXPECT_FALSE(std::filesystem::exists((*server)->data() / "views/g1"));
  EXPECT_EQ(client.Ask(TimelineAt(6))->entries_size(), 6);
}

TEST(Serve, AlertsComeAsTheyAreProjected) {
  auto server = Server::Start(On(""));
  ASSERT_TRUE(server) << server.error().ToString();
  client::Client reader((*server)->endpoints(), kPatience);
  client::Client writer((*server)->endpoints(), kPatience);
  v1::SubscribeRequest request;
  request.mutable_filter()->add_countries("Japan");
  std::vector<std::string> subjects;
  const auto ended = reader.Subscribe(
      request,
      [&](const v1::SubscriptionMessage& message) {
        if (message.has_delivered()) {
          subjects.push_back(message.delivered().change().change().subject());
        }
        // One at a time, each once the one before has come: nothing but the signal brings it.
        const int next = static_cast<int>(subjects.size());
        if (next < 20) {
          EXPECT_TRUE(writer.Append(Batch({spine::Numbered(next)})));
        }
        return next < 20;
      },
      [deadline = std::chrono::steady_clock::now() + kPatience] {
        return std::chrono::steady_clock::now() > deadline;
      });
  ASSERT_TRUE(ended) << ended.error().front().ToString();
  EXPECT_EQ(subjects.size(), 20U);
}

TEST(Serve, EphemeralLeavesNothing) {
  auto server = Server::Start(On(""));
  ASSERT_TRUE(server) << server.error().ToString();
  const std::filesystem::path data = (*server)->data();
  EXPECT_TRUE(std::filesystem::exists(data / "log"));
  server->reset();
  EXPECT_FALSE(std::filesystem::exists(data));
}

TEST(Serve, IsFoundByItsDirectory) {
  const spine::TemporaryDirectory directory;
  auto server = Server::Start(On(directory.path()));
  ASSERT_TRUE(server) << server.error().ToString();
  auto running = settings::ReadRunning(directory.path());
  ASSERT_TRUE(running) << running.error().ToString();
  EXPECT_EQ(running->size(), 3U);
  EXPECT_EQ((*running)["ingest"].endpoint, (*server)->endpoints().ingest);
  EXPECT_EQ((*running)["projector"].endpoint, (*server)->endpoints().projector);
  EXPECT_EQ((*running)["query"].endpoint, (*server)->endpoints().query);
  EXPECT_EQ((*running)["query"].tail, (*server)->endpoints().tail);
  (*server)->Stop();
  running = settings::ReadRunning(directory.path());
  ASSERT_TRUE(running);
  EXPECT_TRUE(running->empty());
}

TEST(Serve, SecondOneOnADirectoryIsToldWhoHoldsIt) {
  const spine::TemporaryDirectory directory;
  const auto first = Server::Start(On(directory.path()));
  ASSERT_TRUE(first) << first.error().ToString();
  const auto second = Server::Start(On(directory.path()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kStoreBusy) << second.error().ToString();
}

TEST(Serve, TakenEndpointLeavesNothingRunning) {
  const spine::TemporaryDirectory directory;
  {
    const auto other = Server::Start(On(""));
    ASSERT_TRUE(other) << other.error().ToString();
    Config config = On(directory.path());
    config.query = (*other)->endpoints().query;
    const auto refused = Server::Start(config);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::kEndpointRefused) << refused.error().ToString();
  }
  const auto again = Server::Start(On(directory.path()));
  EXPECT_TRUE(again) << again.error().ToString();
}

TEST(Serve, NeedsADirectoryOrNone) {
  Config config = On("");
  config.ephemeral = false;
  EXPECT_EQ(Server::Start(config).error().reason, Reason::kConfigInvalid);
  config.data = "/tmp/somewhere";
  config.ephemeral = true;
  EXPECT_EQ(Server::Start(config).error().reason, Reason::kConfigInvalid);
}

}  // namespace
}  // namespace entente::serve
