#include "formats/json_lines.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>

namespace entente::formats {
namespace {

TEST(JsonLines, SampleReadsAndWritesBackUnchanged) {
  std::ifstream file(ENTENTE_SOURCE_DIR "/examples/two-plus-two-2021.jsonl");
  ASSERT_TRUE(file);
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    ++lines;
    const auto event = EventFromJson(line);
    ASSERT_TRUE(event) << lines << ": " << event.error().ToString();
    const std::string written = ToJsonLine(*event);
    const auto again = EventFromJson(written);
    ASSERT_TRUE(again) << written;
    EXPECT_EQ(again->SerializeAsString(), event->SerializeAsString()) << lines;
    EXPECT_EQ(written.find('\n'), std::string::npos);
  }
  EXPECT_GE(lines, 14);
}

TEST(JsonLines, NumbersOf64BitsAreTexts) {
  v1::RecordedEvent event;
  event.set_position(9007199254740993);
  event.set_revision(2);
  event.mutable_event()->set_stream("kind/two-plus-two");
  const std::string line = ToJsonLine(event);
  EXPECT_EQ(
      line,
      R"({"position":"9007199254740993","revision":"2","event":{"stream":"kind/two-plus-two"}})");
  const auto read = RecordedEventFromJson(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->position(), 9007199254740993U);
}

struct Refused {
  const char* what;
  std::string line;
  std::string error;  // as Error::ToString prints it
};

class JsonLinesRefuses : public testing::TestWithParam<Refused> {};

TEST_P(JsonLinesRefuses, WithReasonAndPlace) {
  const auto event = EventFromJson(GetParam().line);
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().ToString(), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, JsonLinesRefuses,
    testing::Values(
        Refused{"UnknownField", R"({"stream":"a","sauce":{}})",
                "FIELD_UNKNOWN at sauce: NewEvent has no field of this name; did you mean source?"},
        Refused{
            "UnknownFieldInside", R"({"source":{"klass":"media"}})",
            "FIELD_UNKNOWN at source.klass: Source has no field of this name; did you mean class?"},
        Refused{"UnknownFieldInList", R"({"meeting":{"parties":[{"name":"JP"},{"nam":"IN"}]}})",
                "FIELD_UNKNOWN at meeting.parties[1].nam: Party has no field of this name; did you "
                "mean name?"},
        Refused{"UnknownEnumWord", R"({"source":{"class":"press"}})",
                "JSON_MALFORMED at source.class: expected one of its words (found \"press\"); did "
                "you mean official, media, unnamed_sources, inferred?"},
        Refused{"TextForNumber", R"({"meeting":{"ordinal":"abc"}})",
                "JSON_MALFORMED at meeting.ordinal: expected a number (found \"abc\")"},
        Refused{"NegativeNumber", R"({"meeting":{"ordinal":-1}})",
                "JSON_MALFORMED at meeting.ordinal: expected a number (found \"-1\")"},
        Refused{"NumberForText", R"({"stream":5})",
                "JSON_MALFORMED at stream: expected a text in quotation marks (found \"5\")"},
        Refused{"NumberForTruth", R"({"backfill":1})",
                "JSON_MALFORMED at backfill: expected true or false (found \"1\")"},
        Refused{"ListForObject", R"({"meeting":[1]})",
                "JSON_MALFORMED at meeting: expected an object in braces"},
        Refused{"TextForObject", R"({"meeting":"x"})",
                "JSON_MALFORMED at meeting: expected an object in braces"},
        Refused{"TwoPayloads", R"({"meeting_held":{},"meeting_moved":{}})",
                "JSON_MALFORMED: an event has one payload, this has two; write one line for each"},
        Refused{"KeyTwice", R"({"stream":"a","stream":"b"})",
                "JSON_MALFORMED: column 15: the key \"stream\" stands twice in one object"},
        Refused{"KeyTwiceInside", R"({"source":{"url":"a", "url" : "b"}})",
                "JSON_MALFORMED: column 23: the key \"url\" stands twice in one object"},
        Refused{
            "CutOff", R"({"stream":"a",)",
            "JSON_MALFORMED: column 15: Unexpected end of string. Expected an object key or }."},
        Refused{"OneBraceMore", R"({"stream":"a"}})",
                "JSON_MALFORMED: column 15: Parsing terminated before end of input."},
        Refused{"List", "[1,2]", "JSON_MALFORMED: the line is not an object in braces"},
        Refused{"Text", R"("x")", "JSON_MALFORMED: the line is not an object in braces"},
        Refused{"Null", "null", "JSON_MALFORMED: the line is not an object in braces"},
        Refused{"Empty", "",
                "JSON_MALFORMED: column 1: Unexpected end of string. Expected a value."},
        Refused{"Words", "nonsense", "JSON_MALFORMED: column 1: Unexpected token."},
        Refused{"TwoObjects", R"({"stream":"a"} {"stream":"b"})",
                "JSON_MALFORMED: column 16: Parsing terminated before end of input."},
        Refused{"HalfASurrogate", R"({"stream":"\ud800"})",
                "JSON_MALFORMED: column 12: Missing low surrogate."},
        Refused{"NotUtf8", "{\"stream\":\"\xff\xfe\"}",
                "JSON_MALFORMED: column 12: Encountered non UTF-8 code points."}),
    [](const auto& info) { return info.param.what; });

// Nothing that arrives may crash or read as an event by accident.
TEST(JsonLines, GarbageIsAnError) {
  std::mt19937 random(20210505);
  for (int round = 0; round < 2000; ++round) {
    std::string garbage(random() % 200, '\0');
    for (char& c : garbage) c = static_cast<char>(random());
    EXPECT_FALSE(EventFromJson(garbage)) << "seed 20210505, round " << round;
  }
}

TEST(JsonLines, EveryCutOfALineIsAnError) {
  const std::string line =
      R"({"stream":"meeting/jp-in","source":{"publisher":"é","class":"media"},"meeting_held":{}})";
  ASSERT_TRUE(EventFromJson(line));
  for (std::size_t cut = 0; cut < line.size(); ++cut) {
    EXPECT_FALSE(EventFromJson(line.substr(0, cut))) << cut;
  }
}

TEST(JsonLines, DepthIsBounded) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({"meeting":)";
  EXPECT_FALSE(EventFromJson(deep));
}

}  // namespace
}  // namespace entente::formats
