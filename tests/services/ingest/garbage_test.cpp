// Ingest and what is almost right: published messages with some bytes changed. Each is answered,
// and the log holds what was acknowledged and nothing else.
#include <gtest/gtest.h>

#include <random>
#include <zmq.hpp>

#include "bus/frame.h"
#include "ingest_fixture.h"
#include "tests/bus/vector_file.h"

namespace entente::ingest {
namespace {

using bus::FromHex;
using bus::VectorFile;

class IngestGarbage : public IngestFixture {
 protected:
  static std::vector<std::vector<std::string>> Requests() {
    std::vector<std::vector<std::string>> requests;
    for (const VectorFile& file : VectorFile::ReadAll()) {
      if (!file.Find("answer") || file.malformed()) continue;
      std::vector<std::string> frames;
      for (const std::string& hex : file.GetAll("frame")) frames.push_back(FromHex(hex));
      requests.push_back(std::move(frames));
    }
    return requests;
  }
};

TEST_F(IngestGarbage, ChangedBytesAreAnsweredAndStoredOnlyWhenAcknowledged) {
  zmq::socket_t socket(context, ZMQ_DEALER);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::rcvtimeo, 20'000);
  socket.connect(service->endpoint());
  std::mt19937 random(20'210'505);
  const auto requests = Requests();
  ASSERT_GE(requests.size(), 5U);

  std::uint64_t stored = 0;
  std::uint64_t refused = 0;
  for (int round = 0; round < 1'500; ++round) {
    auto frames = requests[random() % requests.size()];
    // Mostly the body; the header is garbage_test.cpp's of the bus. Short bodies are the
    // deadline's.
    std::string& frame = frames[random() % 8 == 0 ? 0 : 1];
    for (unsigned changes = 1 + random() % 3; changes > 0 && !frame.empty(); --changes) {
      frame[random() % frame.size()] = static_cast<char>(random());
    }
    // A changed header may ask to be held for long.
    for (std::size_t i = 16; i < 20 && i < frames[0].size(); ++i) frames[0][i] = i == 16 ? 1 : 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      socket.send(zmq::buffer(frames[i]),
                  i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
    zmq::message_t header;
    ASSERT_TRUE(socket.recv(header)) << "no answer in round " << round;
    bus::Message reply{*bus::DecodeHeader(header.to_string_view()), {}};
    for (bool more = header.more(); more; more = reply.body.back().more()) {
      ASSERT_TRUE(socket.recv(reply.body.emplace_back()));
    }
    if (reply.header.type == bus::MessageType::error) ++refused;
    if (reply.header.type != bus::MessageType::append_reply) continue;
    v1::AppendReply appended;
    ASSERT_TRUE(bus::ParseBody(reply, &appended));
    for (const v1::AppendedEvent& event : appended.events()) {
      if (event.position() == 0 || event.duplicate()) continue;  // dry runs
      EXPECT_EQ(event.position(), ++stored);
    }
  }
  EXPECT_EQ(AllIds().size(), stored);
  EXPECT_GT(stored, 0U) << "some changes only change a text";
  EXPECT_GT(refused, 500U);
}

}  // namespace
}  // namespace entente::ingest
