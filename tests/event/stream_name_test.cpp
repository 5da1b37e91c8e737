#include "domain/event/stream_name.h"

#include <gtest/gtest.h>

#include <string>

namespace entente::domain {
namespace {

TEST(ParseStreamName, TakesEveryKind) {
  struct Case {
    const char* text;
    StreamKind kind;
    const char* id;
  };
  for (const Case& c : {
           Case{"meeting/jp-in-two-plus-two-2021-04", StreamKind::kMeeting,
                "jp-in-two-plus-two-2021-04"},
           Case{"meeting/2a0", StreamKind::kMeeting, "2a0"},
           Case{"series/jp-in-two-plus-two", StreamKind::kSeries, "jp-in-two-plus-two"},
           Case{"kind/two-plus-two", StreamKind::kKind, "two-plus-two"},
           Case{"country/JP", StreamKind::kCountry, "JP"},
           Case{"country/CSHH", StreamKind::kCountry, "CSHH"},
           Case{"country/asean", StreamKind::kCountry, "asean"},
           Case{"pair/IN-JP", StreamKind::kPair, "IN-JP"},
           Case{"pair/JP-eu", StreamKind::kPair, "JP-eu"},
           Case{"admin/clock", StreamKind::kAdmin, "clock"},
       }) {
    const auto name = ParseStreamName(c.text);
    ASSERT_TRUE(name) << c.text;
    EXPECT_EQ(name->kind, c.kind) << c.text;
    EXPECT_EQ(name->id, c.id) << c.text;
  }
}

TEST(ParseStreamName, RefusesOtherForms) {
  for (const std::string& text : {std::string(),
                                  std::string("meeting"),
                                  std::string("meeting/"),
                                  std::string("meeting/ab"),
                                  std::string("meeting/-abc"),
                                  std::string("meeting/aBc"),
                                  std::string("meeting/a_c"),
                                  std::string("meeting/a/c"),
                                  std::string("meeting/ab\n"),
                                  "meeting/" + std::string(81, 'a'),
                                  std::string("Meeting/abc"),
                                  std::string("meetings/abc"),
                                  std::string("country/"),
                                  std::string("country/jP"),
                                  std::string("country/JPN"),
                                  std::string("country/J"),
                                  std::string("country/a"),
                                  std::string("pair/JP"),
                                  std::string("pair/JP-"),
                                  std::string("pair/-JP"),
                                  std::string("pair/JP-IN"),
                                  std::string("pair/JP-JP"),
                                  std::string("pair/AU-IN-JP"),
                                  std::string("admin/")}) {
    const auto name = ParseStreamName(text);
    ASSERT_FALSE(name) << text;
    EXPECT_EQ(name.error().reason, Reason::kStreamInvalid) << text;
    EXPECT_EQ(name.error().field, "") << text;
    EXPECT_FALSE(name.error().message.empty()) << text;
  }
  EXPECT_TRUE(ParseStreamName("meeting/" + std::string(80, 'a')));
}

TEST(ParseStreamName, SaysHowToSortAPair) {
  EXPECT_EQ(ParseStreamName("pair/JP-IN").error().message,
            "a pair's codes are sorted: write pair/IN-JP");
}

TEST(PairStream, SortsItsCodes) {
  EXPECT_EQ(PairStream("JP", "IN"), "pair/IN-JP");
  EXPECT_EQ(PairStream("IN", "JP"), "pair/IN-JP");
  EXPECT_EQ(PairStream("eu", "JP"), "pair/JP-eu");
}

}  // namespace
}  // namespace entente::domain
