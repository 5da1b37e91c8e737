// Services whose peer answers, and answers wrong: they say so, go on, and take the right peer when
// it comes.
#include <gtest/gtest.h>

#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/frame.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/view.pb.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using bus::MessageType;

struct Answer {
  MessageType::Value type;
  std::vector<std::string> body;
};

// Gives each request the next of its answers, whatever was asked.
void AnswerInTurn(zmq::context_t& context, const std::string& endpoint,
                  const std::vector<Answer>& answers) {
  zmq::socket_t router(context, ZMQ_ROUTER);
  router.set(zmq::sockopt::linger, 1'000);
  router.set(zmq::sockopt::rcvtimeo,
             static_cast<int>(std::chrono::milliseconds(kPatience).count()));
  router.bind(endpoint);
  for (const Answer& answer : answers) {
    zmq::message_t caller;
    ASSERT_TRUE(router.recv(caller)) << "nobody asked";
    zmq::message_t header;
    ASSERT_TRUE(router.recv(header));
    while (router.get(zmq::sockopt::rcvmore)) {
      zmq::message_t body;
      ASSERT_TRUE(router.recv(body));
    }
    bus::Header reply = *bus::DecodeHeader(header.to_string_view());
    reply.type = answer.type;
    reply.body_frames = static_cast<std::uint16_t>(answer.body.size());
    router.send(caller, zmq::send_flags::sndmore);
    router.send(zmq::buffer(bus::EncodeHeader(reply)),
                answer.body.empty() ? zmq::send_flags::none : zmq::send_flags::sndmore);
    for (std::size_t i = 0; i < answer.body.size(); ++i) {
      router.send(zmq::buffer(answer.body[i]),
                  i + 1 < answer.body.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }
}

const std::string kNoise = "\xff\xff no message of ours";

TEST(StrangePeer, QueryOutlivesAProjectorThatIsNone) {
  v1::ReadDeltasReply behind;
  behind.set_behind(true);
  v1::ReadCheckpointReply chunk;
  chunk.set_checkpoint("1");
  chunk.set_generation("g1");
  chunk.set_last(true);
  v1::ReadCheckpointReply by_nobody = chunk;
  chunk.set_projection_version(views::kProjectionVersion);
  const Answer fetch{MessageType::read_deltas_reply, {behind.SerializeAsString()}};
  struct Case {
    const char* what;
    std::vector<Answer> answers;
    const char* note;
  };
  for (const Case& one : std::vector<Case>{
           {"nothing, for nobody", {{MessageType::read_deltas_reply, {""}}}, "to apply them to"},
           {"rows for nobody",
            {{MessageType::read_deltas_reply, {v1::ReadDeltasReply().SerializeAsString(), kNoise}}},
            "nothing to apply them to"},
           {"another reply", {{MessageType::status_reply, {""}}}, "MESSAGE_TYPE"},
           {"no body", {{MessageType::read_deltas_reply, {}}}, "MESSAGE_MALFORMED"},
           {"noise", {{MessageType::read_deltas_reply, {kNoise}}}, "MESSAGE_MALFORMED"},
           {"an error that is none", {{MessageType::error, {kNoise}}}, "INTERNAL"},
           {"a chunk of noise",
            {fetch, {MessageType::read_checkpoint_reply, {kNoise}}},
            "MESSAGE_MALFORMED"},
           {"a checkpoint made by nobody",
            {fetch, {MessageType::read_checkpoint_reply, {by_nobody.SerializeAsString()}}},
            "which projection made it"},
           {"a checkpoint of nothing",
            {fetch, {MessageType::read_checkpoint_reply, {chunk.SerializeAsString()}}},
            "carries no chain hash"},
       }) {
    SCOPED_TRACE(one.what);
    Spine spine;
    spine.StartQuery();
    AnswerInTurn(spine.context(), spine.endpoints().projector, one.answers);
    const v1::StatusReply status = spine.AwaitStatus(kQuery, [&](const v1::StatusReply& now) {
      return now.notes_size() > 0 && now.notes(0).find(one.note) != std::string::npos;
    });
    ASSERT_GT(status.notes_size(), 0);
    EXPECT_NE(status.notes(0).find(one.note), std::string::npos) << status.notes(0);
  }
}

TEST(StrangePeer, TheRightOneIsTakenWhenItComes) {
  const Answer noise{MessageType::error, {kNoise}};
  Spine spine;
  spine.StartQuery();
  AnswerInTurn(spine.context(), spine.endpoints().projector, {noise});
  spine.StartProjector();
  AnswerInTurn(spine.context(), spine.endpoints().ingest, {noise});
  spine.StartIngest();
  EXPECT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 1)));
}

TEST(StrangePeer, ProjectorOutlivesAnIngestThatIsNone) {
  const std::string head = v1::ReadLogReply().SerializeAsString();
  struct Case {
    const char* what;
    Answer answer;
    const char* note;
  };
  for (const Case& one : std::vector<Case>{
           {"another reply", {MessageType::append_reply, {""}}, "MESSAGE_TYPE"},
           {"no body", {MessageType::read_log_reply, {}}, "MESSAGE_MALFORMED"},
           {"noise", {MessageType::read_log_reply, {kNoise}}, "MESSAGE_MALFORMED"},
           {"a commit that is none",
            {MessageType::read_log_reply, {head, kNoise}},
            "STORE_DAMAGED"},
       }) {
    SCOPED_TRACE(one.what);
    Spine spine;
    spine.StartProjector();
    AnswerInTurn(spine.context(), spine.endpoints().ingest, {one.answer});
    const v1::StatusReply status = spine.AwaitStatus(kProjector, [&](const v1::StatusReply& now) {
      return now.notes_size() > 0 && now.notes(0).find(one.note) != std::string::npos;
    });
    ASSERT_GT(status.notes_size(), 0);
    EXPECT_NE(status.notes(0).find(one.note), std::string::npos) << status.notes(0);
  }
}

}  // namespace
}  // namespace entente::spine
