#include "bus/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <tuple>
#include <vector>

#include "entente/v1/log.pb.h"

namespace entente::bus {
namespace {

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return hex;
}

auto Fields(const Header& h) {
  return std::tuple(static_cast<int>(h.type), h.flags, h.correlation, h.time_left_ms,
                    h.body_frames);
}

Header MakeHeader(int type, std::uint16_t flags, std::uint64_t correlation, std::uint32_t time_left,
                  std::uint16_t frames) {
  return {static_cast<MessageType::Value>(type), flags, correlation, time_left, frames};
}

TEST(Header, BytesArePinned) {
  struct Case {
    Header header;
    std::string hex;
  };
  const Case cases[] = {
      {Header{},
       "454e5431"
       "0000"
       "0000"
       "0000000000000000"
       "00000000"
       "0000"
       "0000"},
      {MakeHeader(10, 0, 1, 10'000, 1),
       "454e5431"
       "0a00"
       "0000"
       "0100000000000000"
       "10270000"
       "0100"
       "0000"},
      {MakeHeader(0x1234, 0xab00, 0x0102030405060708, 0xa1b2c3d4, 0xeeff),
       "454e5431"
       "3412"
       "00ab"
       "0807060504030201"
       "d4c3b2a1"
       "ffee"
       "0000"},
      {MakeHeader(0xffff, 0xff00, UINT64_MAX, UINT32_MAX, UINT16_MAX),
       "454e5431"
       "ffff"
       "00ff"
       "ffffffffffffffff"
       "ffffffff"
       "ffff"
       "0000"},
  };
  for (const Case& c : cases) {
    const std::string bytes = EncodeHeader(c.header);
    EXPECT_EQ(Hex(bytes), c.hex);
    const auto decoded = DecodeHeader(bytes);
    ASSERT_TRUE(decoded) << decoded.error().ToString();
    EXPECT_EQ(Fields(*decoded), Fields(c.header));
  }
}

TEST(Header, RoundTripsWhateverItHolds) {
  rc::check([](std::uint16_t type, std::uint8_t flags, std::uint64_t correlation,
               std::uint32_t time_left, std::uint16_t frames) {
    const Header header =
        MakeHeader(type, static_cast<std::uint16_t>(flags << 8U), correlation, time_left, frames);
    const auto decoded = DecodeHeader(EncodeHeader(header));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(Fields(*decoded) == Fields(header));
  });
}

TEST(Header, EveryOtherLengthIsRefused) {
  const std::string whole = EncodeHeader(MakeHeader(10, 0, 7, 0, 1)) + std::string(8, 'x');
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const auto decoded = DecodeHeader(whole.substr(0, length));
    if (length == kHeaderBytes) {
      EXPECT_TRUE(decoded);
      continue;
    }
    ASSERT_FALSE(decoded) << length;
    EXPECT_EQ(decoded.error().reason, length < 4 ? Reason::kProtocolMagic : Reason::kProtocolFrame)
        << length;
    EXPECT_EQ(CorrelationOf(whole.substr(0, length)), length < kHeaderBytes ? 0U : 7U) << length;
  }
}

// Each bit of the header, flipped alone: what it stands for decides what becomes of it.
TEST(Header, EveryBitMatters) {
  const Header header = MakeHeader(10, 0, 0x55, 1'000, 1);
  const std::string bytes = EncodeHeader(header);
  for (std::size_t bit = 0; bit < kHeaderBytes * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto decoded = DecodeHeader(flipped);
    const std::size_t byte = bit / 8;
    if (byte < 3) {
      ASSERT_FALSE(decoded) << bit;
      EXPECT_EQ(decoded.error().reason, Reason::kProtocolMagic) << bit;
    } else if (byte == 3) {
      ASSERT_FALSE(decoded) << bit;
      EXPECT_EQ(decoded.error().reason, Reason::kProtocolVersion) << bit;
    } else if (byte == 6) {
      ASSERT_FALSE(decoded) << bit;
      EXPECT_EQ(decoded.error().field, "header.flags") << bit;
    } else if (byte >= 22) {
      ASSERT_FALSE(decoded) << bit;
      EXPECT_EQ(decoded.error().field, "header.reserved") << bit;
    } else {
      ASSERT_TRUE(decoded) << bit;
      EXPECT_NE(Fields(*decoded), Fields(header)) << bit;
      EXPECT_EQ(EncodeHeader(*decoded), flipped) << bit;
    }
  }
}

TEST(Header, NoBytesAreTooStrange) {
  rc::check([](const std::string& bytes) {
    (void)CorrelationOf(bytes);
    const auto decoded = DecodeHeader(bytes);
    RC_ASSERT(decoded.has_value() || !decoded.error().message.empty());
  });
}

TEST(Message, CarriesItsBodyInOneFrame) {
  v1::AppendRequest request;
  request.set_dry_run(true);
  const Message message = MakeMessage(MessageType::append_request, 9, request);
  EXPECT_EQ(message.header.type, MessageType::append_request);
  EXPECT_EQ(message.header.correlation, 9U);
  EXPECT_EQ(message.header.body_frames, 1U);
  EXPECT_EQ(message.bytes(), request.ByteSizeLong());
  EXPECT_EQ(message.frame(1), "");

  v1::AppendRequest parsed;
  ASSERT_TRUE(ParseBody(message, &parsed));
  EXPECT_TRUE(parsed.dry_run());
}

TEST(Message, BodyThatIsNoProtobufIsMalformed) {
  Message message;
  v1::AppendRequest parsed;
  EXPECT_EQ(ParseBody(message, &parsed).error().reason, Reason::kMessageMalformed);
  message.body.push_back(MakeFrame("\xff\xff\xff"));
  const Status status = ParseBody(message, &parsed);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().reason, Reason::kMessageMalformed);
  EXPECT_THAT(status.error().message, testing::HasSubstr("entente.v1.AppendRequest"));
}

}  // namespace
}  // namespace entente::bus
