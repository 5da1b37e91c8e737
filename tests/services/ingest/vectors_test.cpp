// What a running ingest answers to docs/protocol-vectors/: each message whose file says `answer` is
// sent as it stands there, by a socket that knows nothing of our codec.
#include <gtest/gtest.h>

#include <algorithm>
#include <zmq.hpp>

#include "bus/frame.h"
#include "ingest_fixture.h"
#include "tests/bus/vector_file.h"

namespace entente::ingest {
namespace {

using bus::FromHex;
using bus::VectorFile;

class ProtocolVectorsLive : public IngestFixture {
 protected:
  void SetUp() override {
    IngestFixture::SetUp();
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, 20'000);
    socket.connect(service->endpoint());
  }

  void SendFrames(const std::vector<std::string>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const bool more = i + 1 < frames.size();
      socket.send(zmq::buffer(FromHex(frames[i])),
                  more ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  }

  // Type 0 when nothing comes.
  bus::Message Answer() {
    bus::Message reply;
    zmq::message_t header;
    if (!socket.recv(header)) return reply;
    for (bool more = header.more(); more; more = reply.body.back().more()) {
      (void)socket.recv(reply.body.emplace_back());
    }
    reply.header = *bus::DecodeHeader(header.to_string_view());
    EXPECT_EQ(reply.header.body_frames, reply.body.size());
    return reply;
  }

  zmq::socket_t socket{context, ZMQ_DEALER};
};

TEST_F(ProtocolVectorsLive, IngestAnswersAsTheySay) {
  std::vector<VectorFile> files = VectorFile::ReadAll();
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  int sent = 0;
  for (const VectorFile& file : files) {
    const auto expected = file.Find("answer");
    if (!expected) continue;
    ++sent;
    SendFrames(file.GetAll("frame"));
    const bus::Message reply = Answer();
    const auto correlation = file.Find("answer_correlation");
    EXPECT_EQ(std::to_string(reply.header.correlation),
              correlation ? *correlation : file.Get("correlation"))
        << file.name();
    std::string shown = bus::MessageType::Value_Name(reply.header.type);
    if (shown == "error") {
      const Error first = bus::ErrorsOf(reply).front();
      shown += " " + std::string(Describe(first.reason).name) + " " + first.field;
    }
    while (shown.ends_with(' ')) shown.pop_back();
    EXPECT_EQ(shown, *expected) << file.name();
  }
  EXPECT_GT(sent, 15);
}

}  // namespace
}  // namespace entente::ingest
