// What a running query and a running projector answer to docs/protocol-vectors/: each message that
// is for them is sent as it stands there, by a socket that knows nothing of our codec, and they go
// on. (Ingest's: tests/services/ingest.)
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bus/frame.h"
#include "tests/bus/vector_file.h"
#include "tests/services/spine/spine.h"

namespace entente::spine {
namespace {

using bus::FromHex;
using bus::MessageType;
using bus::VectorFile;
using enum client::Client::Service;

// What is refused, and why; all others are done.
const std::map<std::string, std::string> kRefused = {
    {"changes_request-page", "PAGE_TOKEN_INVALID"},
    {"credit", "SUBSCRIPTION_UNKNOWN"},
    {"credit-sign-of-life", "SUBSCRIPTION_UNKNOWN"},
    {"diff_request-page", "PAGE_TOKEN_INVALID"},
    {"parked_request-page", "PAGE_TOKEN_INVALID"},
    {"pending_request-page", "PAGE_TOKEN_INVALID"},
    {"replay_parked_request", "NOT_FOUND"},
    {"settle_request", "SUBSCRIPTION_UNKNOWN"},
    {"settle_request-again", "SUBSCRIPTION_UNKNOWN"},
    {"subject_request", "NOT_FOUND"},
    {"timeline_request-page", "PAGE_TOKEN_INVALID"},
    // One generation is being built, until it is cancelled.
    {"change_generations_request-poison", "STORE_BUSY"},
    {"change_generations_request-swap", "NOT_FOUND"},
    {"change_generations_request-drop", "FIELD_INVALID"},
    {"change_generations_request-rollback", "FIELD_INVALID"},
    {"read_checkpoint_request", "NOT_FOUND"},
};

class QueryVectors : public ::testing::Test {
 protected:
  // The views of what the vectors append.
  void SetUp() override {
    spine.StartAll();
    std::uint64_t last = 0;
    for (const char* name : {"append_request", "append_request-every-payload"}) {
      const auto file = VectorFile::Read(ENTENTE_SOURCE_DIR "/docs/protocol-vectors/" +
                                         std::string(name) + ".vector");
      v1::AppendRequest request;
      ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(file.Get("json"), &request).ok());
      last = spine.Append({request.events().begin(), request.events().end()});
    }
    ASSERT_GE(last, 17U) << "the vectors ask for it";
    ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  }

  static void Send(zmq::socket_t& socket, const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      socket.send(zmq::buffer(FromHex(frames[i])),
                  i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }

  static std::optional<bus::Message> Receive(zmq::socket_t& socket) {
    zmq::message_t header;
    if (!socket.recv(header)) return std::nullopt;
    bus::Message message;
    message.header = *bus::DecodeHeader(header.to_string_view());
    for (bool more = header.more(); more; more = message.body.back().more()) {
      (void)socket.recv(message.body.emplace_back());
    }
    return message;
  }

  // Sends a file's message, then asks how the service is, on the same connection. What came before
  // that was answered; of a request that is answered, its answer.
  std::optional<bus::Message> Ask(const VectorFile& file, const std::string& endpoint) {
    constexpr std::uint64_t kStatus = 4711;
    zmq::socket_t socket(spine.context(), ZMQ_DEALER);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo,
               static_cast<int>(std::chrono::milliseconds(kPatience).count()));
    socket.connect(endpoint);
    Send(socket, file.GetAll("frame"));
    bus::Message status =
        bus::MakeMessage(MessageType::status_request, kStatus, v1::StatusRequest());
    Send(socket, {bus::ToHex(bus::EncodeHeader(status.header)), ""});
    const bool is_answered = file.Find("type") != "unsubscribe";
    std::optional<bus::Message> answer;
    for (bool goes_on = false; !goes_on || (is_answered && !answer);) {
      auto message = Receive(socket);
      if (!message) {
        ADD_FAILURE() << file.name() << (goes_on ? " is not answered" : " stopped the service");
        return std::nullopt;
      }
      if (message->header.correlation == kStatus) {
        goes_on = true;
      } else if (!answer) {
        answer = std::move(message);
      }
    }
    return answer;
  }

  Spine spine;
};

// "error REASON", or the type of the answer.
std::string Shown(const bus::Message& message) {
  std::string shown = MessageType::Value_Name(message.header.type);
  if (message.header.type == MessageType::error) {
    shown += " " + std::string(Describe(bus::ErrorsOf(message).front().reason).name);
  }
  return shown;
}

std::string AnswerTo(const VectorFile& file) {
  const auto refused = kRefused.find(file.name());
  if (refused != kRefused.end()) return "error " + refused->second;
  const std::string type = file.Get("type");
  if (type == "subscribe_request") return "subscription_message";
  if (type == "change_generations_request") return "generations_reply";
  return type.substr(0, type.rfind("_request")) + "_reply";
}

TEST_F(QueryVectors, EachIsAnsweredAndQueryGoesOn) {
  std::vector<VectorFile> files = VectorFile::ReadAll();
  std::erase_if(files, [](const VectorFile& file) {
    return file.malformed() || file.Get("from") != "client" ||
           (file.Get("to") != "query" && file.Get("to") != "every service");
  });
  // Groups are made first and go last.
  const auto turn = [](const VectorFile& file) {
    return file.Get("type") == "create_group_request"   ? 0
           : file.Get("type") == "delete_group_request" ? 2
                                                        : 1;
  };
  std::sort(files.begin(), files.end(), [&turn](const auto& a, const auto& b) {
    return std::pair(turn(a), a.path) < std::pair(turn(b), b.path);
  });
  EXPECT_GT(files.size(), 30U);
  for (const VectorFile& file : files) {
    const auto answer = Ask(file, spine.endpoints().query);
    if (file.Get("type") == "unsubscribe") {
      EXPECT_FALSE(answer) << Shown(*answer);
      continue;
    }
    if (!answer) continue;  // said already
    EXPECT_EQ(Shown(*answer), AnswerTo(file)) << file.name();
    EXPECT_EQ(std::to_string(answer->header.correlation), file.Get("correlation")) << file.name();
    EXPECT_EQ(answer->header.body_frames, answer->body.size()) << file.name();
  }
}

TEST_F(QueryVectors, EachForTheProjectorIsAnsweredAndItGoesOn) {
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, 17));
  std::vector<VectorFile> files = VectorFile::ReadAll();
  std::erase_if(files, [](const VectorFile& file) {
    return file.malformed() || file.Get("from") == "projector" || file.Get("to") != "projector";
  });
  const auto turn = [](const VectorFile& file) {
    return file.name() == "change_generations_request"          ? 0
           : file.name() == "change_generations_request-cancel" ? 2
           : file.name() == "change_generations_request-swap"   ? 3
                                                                : 1;
  };
  std::stable_sort(files.begin(), files.end(),
                   [&turn](const auto& a, const auto& b) { return turn(a) < turn(b); });
  EXPECT_GE(files.size(), 11U);
  for (const VectorFile& file : files) {
    const auto answer = Ask(file, spine.endpoints().projector);
    if (!answer) continue;  // said already
    EXPECT_EQ(Shown(*answer), AnswerTo(file)) << file.name();
    EXPECT_EQ(std::to_string(answer->header.correlation), file.Get("correlation")) << file.name();
  }
}

TEST_F(QueryVectors, TheMalformedAreRefusedAndQueryGoesOn) {
  for (const VectorFile& file : VectorFile::ReadAll()) {
    if (!file.malformed() || file.Get("to") != "every service") continue;
    const auto answer = Ask(file, spine.endpoints().query);
    if (!answer) continue;  // said already
    ASSERT_EQ(answer->header.type, MessageType::error) << file.name();
    const Error first = bus::ErrorsOf(*answer).front();
    EXPECT_EQ(Shown(*answer) + (first.field.empty() ? "" : " " + first.field), file.Get("answer"))
        << file.name();
    EXPECT_EQ(std::to_string(answer->header.correlation), file.Get("answer_correlation"))
        << file.name();
  }
}

}  // namespace
}  // namespace entente::spine
