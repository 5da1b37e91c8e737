// Ingest with more to do than it can at once, and when it is stopped meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <set>
#include <thread>

#include "bus/dealer.h"
#include "events.h"
#include "ingest_fixture.h"

namespace entente::ingest {
namespace {

using bus::MessageType;
using std::chrono::milliseconds;

class IngestLoad : public IngestFixture {};

TEST_F(IngestLoad, AppendsOfOneConnectionKeepTheirOrder) {
  const auto pipeline = client->OpenPipeline(64);
  std::vector<std::uint64_t> positions;
  for (int i = 0; i < 300; ++i) {
    v1::AppendRequest request = Batch({Postponed("e" + std::to_string(i))});
    if (i % 10 == 5) request.mutable_events(0)->set_stream("nowhere");  // refused; others go on
    pipeline->Send(request, [&, i](client::Reply<v1::AppendReply> reply) {
      EXPECT_EQ(reply.has_value(), i % 10 != 5);
      if (reply) positions.push_back(reply->events(0).position());
    });
  }
  pipeline->Finish();
  ASSERT_EQ(positions.size(), 270U);
  for (std::size_t i = 0; i < positions.size(); ++i) EXPECT_EQ(positions[i], i + 1);
}

// More than is taken at once: each is answered, by its position or by OVERLOADED.
TEST_F(IngestLoad, AFloodIsAnsweredToTheLast) {
  bus::Loop loop;
  auto dealer = *bus::Dealer::Connect(loop, context, service->endpoint());
  constexpr int kRequests = 5'000;
  std::size_t appended = 0;
  int answered = 0;
  for (int i = 0; i < kRequests; ++i) {
    dealer->Request(MessageType::append_request, Batch({Postponed("f" + std::to_string(i))}),
                    milliseconds(60'000), [&](auto reply) {
                      if (reply) {
                        ++appended;
                      } else {
                        EXPECT_EQ(reply.error().front().reason, Reason::kOverloaded);
                      }
                      if (++answered == kRequests) loop.Stop();
                    });
  }
  loop.Run();
  EXPECT_EQ(answered, kRequests);
  EXPECT_EQ(AllIds().size(), appended);
}

TEST_F(IngestLoad, StoppingLosesNothingAcknowledged) {
  std::set<std::string> acknowledged;
  std::promise<void> under_load;
  std::thread sender([&, endpoint = service->endpoint()] {
    client::Client other({.ingest = endpoint}, milliseconds(1'000));
    const auto pipeline = other.OpenPipeline(32);
    bool refused = false;
    for (int i = 0; !refused; ++i) {
      const std::string id = "s" + std::to_string(i);
      pipeline->Send(Batch({Postponed(id)}), [&, id](client::Reply<v1::AppendReply> reply) {
        if (!reply) {
          refused = true;
          EXPECT_THAT(reply.error().front().reason,
                      testing::AnyOf(Reason::kStopping, Reason::kUnreachable));
          return;
        }
        acknowledged.insert(id);
        if (acknowledged.size() == 100) under_load.set_value();
      });
    }
    pipeline->Finish();
  });
  under_load.get_future().wait();
  service->Stop();
  sender.join();
  Restart();
  const std::vector<std::string> ids = AllIds();
  const std::set<std::string> kept(ids.begin(), ids.end());
  for (const std::string& id : acknowledged) EXPECT_EQ(kept.count(id), 1U) << id;
  EXPECT_EQ(kept.size(), ids.size());
}

TEST_F(IngestLoad, StoppingAnswersReadersThatWait) {
  bus::Loop loop;
  auto dealer = *bus::Dealer::Connect(loop, context, service->endpoint());
  std::optional<Reason> reason;
  dealer->Request(MessageType::read_log_request, v1::ReadLogRequest(), milliseconds(30'000),
                  [&](auto reply) {
                    ASSERT_FALSE(reply);
                    reason = reply.error().front().reason;
                    loop.Stop();
                  });
  // Answered behind the reader on the same connection, so the reader is waiting by then.
  dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(10'000),
                  [&](auto) { loop.Stop(); });
  loop.Run();
  EXPECT_EQ(reason, std::nullopt);
  service->Stop();
  loop.Run();
  EXPECT_EQ(reason, Reason::kStopping);
}

}  // namespace
}  // namespace entente::ingest
