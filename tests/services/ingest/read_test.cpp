// Reading the log through ingest: what comes, when, and what is refused.
#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "bus/dealer.h"
#include "events.h"
#include "ingest_fixture.h"

namespace entente::ingest {
namespace {

using bus::MessageType;
using google::protobuf::util::TimeUtil;
using std::chrono::milliseconds;

class IngestRead : public IngestFixture {
 protected:
  // Ids that came, and where to go on; or the error.
  std::string Read(const v1::ReadLogRequest& request) {
    bus::Loop loop;
    auto dealer = *bus::Dealer::Connect(loop, context, service->endpoint());
    std::string shown;
    dealer->Request(
        MessageType::read_log_request, request, milliseconds(50),
        [&](auto reply) {
          loop.Stop();
          shown = reply ? Shown(*reply) : Reasons(reply.error()).front();
        },
        milliseconds(10'000));
    loop.Run();
    return shown;
  }

  static std::string Shown(const bus::Message& reply) {
    std::string shown;
    v1::ReadLogReply read;
    EXPECT_TRUE(bus::ParseBody(reply, &read));
    for (std::size_t i = 1; i < reply.body.size(); ++i) {
      const auto commit = log::CommitView::Parse(reply.frame(i));
      EXPECT_TRUE(commit);
      for (std::uint32_t e = 0; e < commit->count(); ++e) {
        shown += std::string(commit->event(e).id) + " ";
      }
    }
    for (const v1::RecordedEvent& event : read.events()) shown += event.event().id() + " ";
    return shown + "next " + std::to_string(read.next_position());
  }
};

TEST_F(IngestRead, AReaderIsHeldUntilTheLogGrows) {
  MustAppend(Batch({Postponed("a")}));
  bus::Loop loop;
  auto dealer = *bus::Dealer::Connect(loop, context, service->endpoint());
  std::string shown;
  v1::ReadLogRequest request;
  request.set_from_position(2);
  dealer->Request(MessageType::read_log_request, request, milliseconds(20'000), [&](auto reply) {
    shown = reply ? Shown(*reply) : Reasons(reply.error()).front();
    loop.Stop();
  });
  // Answered behind the reader on the same connection, so the reader is waiting by then.
  dealer->Request(MessageType::status_request, v1::StatusRequest(), milliseconds(10'000),
                  [&](auto) { loop.Stop(); });
  loop.Run();
  EXPECT_EQ(shown, "");
  MustAppend(Batch({Postponed("b")}));
  loop.Run();
  EXPECT_EQ(shown, "b next 3");
}

TEST_F(IngestRead, AReaderIsAnsweredEmptyAtItsDeadline) {
  const auto page = client->ReadLog(Position(1), milliseconds(20));
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->commits.empty());
  EXPECT_EQ(page->next, Position(1));
  EXPECT_EQ(page->durable, Position());
}

TEST_F(IngestRead, TheReadersChainMustBeOurs) {
  MustAppend(Batch({Postponed("a"), Postponed("b")}));
  const std::string hash = Status().chain_hash();
  MustAppend(Batch({Postponed("c")}));
  v1::ReadLogRequest request;
  request.set_from_position(3);
  v1::ChainPoint* known = request.mutable_known();
  EXPECT_EQ(Read(request), "c next 4") << "a reader that holds nothing";
  known->set_position(2);
  known->set_hash(hash);
  EXPECT_EQ(Read(request), "c next 4");
  known->set_hash(std::string(32, 'x'));
  EXPECT_EQ(Read(request), "LOG_DIVERGED known.hash");
  known->set_hash(hash);
  known->set_position(1);
  EXPECT_EQ(Read(request), "LOG_DIVERGED known.hash") << "no commit ends there";
  known->set_position(4);
  EXPECT_EQ(Read(request), "LOG_DIVERGED known.position") << "ahead of the log";
  known->set_hash("short");
  EXPECT_EQ(Read(request), "FIELD_INVALID known.hash");
}

TEST_F(IngestRead, OneStreamAtATime) {
  MustAppend(Batch({Postponed("a", "meeting/one"), Postponed("b", "meeting/two"),
                    Postponed("c", "meeting/one")}));
  v1::ReadLogRequest request;
  request.set_stream("meeting/one");
  EXPECT_EQ(Read(request), "a c next 4");
  request.set_from_position(2);
  EXPECT_EQ(Read(request), "c next 4");
  request.set_stream("meeting/three");
  EXPECT_EQ(Read(request), "next 2");
}

TEST_F(IngestRead, WhatWasRecordedBeforeATimeIsLeftOut) {
  const auto of_a = MustAppend(Batch({Postponed("a", "meeting/one")})).recorded();
  // Milliseconds are what tells them apart.
  std::string later;
  google::protobuf::Timestamp of_later = of_a;
  for (int i = 0;
       TimeUtil::TimestampToMilliseconds(of_later) == TimeUtil::TimestampToMilliseconds(of_a);
       ++i) {
    later = "later-" + std::to_string(i);
    of_later = MustAppend(Batch({Postponed(later, "meeting/two")})).recorded();
  }
  const std::string next = "next " + std::to_string(Status().durable_position() + 1);
  v1::ReadLogRequest request;
  *request.mutable_recorded_from() = of_later;
  EXPECT_EQ(Read(request), later + " " + next);
  request.mutable_recorded_from()->set_nanos(of_later.nanos() - 1);
  EXPECT_EQ(Read(request), later + " " + next) << "between two milliseconds";
  request.set_stream("meeting/one");
  EXPECT_EQ(Read(request), "next 1") << "the other stream has nothing since then";
  request.set_stream("");
  *request.mutable_recorded_from() = of_a;
  EXPECT_TRUE(Read(request).starts_with("a "));
  request.set_from_position(Status().durable_position());
  EXPECT_EQ(Read(request), later + " " + next) << "the later beginning counts";
  request.mutable_recorded_from()->set_seconds(of_a.seconds() + 3600);
  EXPECT_EQ(Read(request), "next " + std::to_string(Status().durable_position()))
      << "nothing since then";
  request.mutable_recorded_from()->set_seconds(INT64_MAX);
  EXPECT_EQ(Read(request), "FIELD_INVALID recorded_from");
}

TEST_F(IngestRead, PagesAreAsLargeAsAskedFor) {
  for (const char* id : {"a", "b", "c"}) MustAppend(Batch({Postponed(id)}));
  v1::ReadLogRequest request;
  request.set_max_bytes(1);
  EXPECT_EQ(Read(request), "a next 2") << "at least one commit";
  request.set_max_bytes(0);
  EXPECT_EQ(Read(request), "a b c next 4");
  request.set_max_bytes((16U << 20) + 1);
  EXPECT_EQ(Read(request), "FIELD_INVALID max_bytes");
}

TEST_F(IngestRead, ManyReadersWakeTogether) {
  bus::Loop loop;
  auto dealer = *bus::Dealer::Connect(loop, context, service->endpoint());
  int woken = 0;
  for (int i = 0; i < 100; ++i) {
    dealer->Request(MessageType::read_log_request, v1::ReadLogRequest(), milliseconds(20'000),
                    [&](auto reply) {
                      EXPECT_EQ(Shown(*reply), "a next 2");
                      if (++woken == 100) loop.Stop();
                    });
  }
  MustAppend(Batch({Postponed("a")}));
  loop.Run();
  EXPECT_EQ(woken, 100);
}

}  // namespace
}  // namespace entente::ingest
