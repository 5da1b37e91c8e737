#include "formats/refusal_note.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/json_lines.h"

namespace entente::formats {
namespace {

const std::vector<Error> kErrors = {
    Fail(Reason::kPartyUnknown, "meeting.parties[0].name", "Japn", "not \"known\"").value()};
constexpr const char* kNote =
    R"_("refused":{"line":7,"errors":["PARTY_UNKNOWN at meeting.parties[0].name: not \"known\" (found \"Japn\")"]})_";

bool IsObject(const std::string& line) {
  google::protobuf::Struct object;
  return google::protobuf::util::JsonStringToMessage(line, &object).ok();
}

// What is left of the line without blanks.
std::string Bare(const std::string& line) {
  auto bare = WithoutNote(line);
  if (!bare) return bare.error().ToString();
  std::erase(*bare, ' ');
  return *bare;
}

TEST(RefusalNote, StandsInFrontOfTheLineAsItWas) {
  const std::string line = R"({ "stream":"kind/two-plus-two","id":"a}{\"b", "reported":"2021" } )";
  const std::string noted = WithNote(line, 7, kErrors);
  EXPECT_EQ(noted, std::string("{") + kNote +
                       R"(,"stream":"kind/two-plus-two","id":"a}{\"b", "reported":"2021" })");
  EXPECT_TRUE(IsObject(noted));
  const auto event = EventFromJson(*WithoutNote(noted));
  ASSERT_TRUE(event) << event.error().ToString();
  EXPECT_EQ(event->id(), "a}{\"b");
  // Columns are those of the line in the quarantine.
  EXPECT_EQ(WithoutNote(noted)->find("\"stream\""), noted.find("\"stream\""));
}

TEST(RefusalNote, TakesThePlaceOfTheOneBefore) {
  const std::string once = WithNote(R"({"stream":"x"})", 3, {});
  EXPECT_EQ(WithNote(once, 7, kErrors), std::string("{") + kNote + R"(,"stream":"x"})");
}

TEST(RefusalNote, WhatIsNoJsonObjectIsKeptAsAText) {
  for (const std::string line : {"no json", R"({"stream":"x)", "[1]", "7", R"({"a":1}{"b":2})",
                                 "\"quoted\"", "tab\t and \\ and \x01"}) {
    const std::string noted = WithNote(line, 7, kErrors);
    EXPECT_TRUE(IsObject(noted)) << noted;
    EXPECT_EQ(WithoutNote(noted).value_or("nothing"), line) << noted;
    EXPECT_EQ(WithNote(noted, 7, kErrors), noted);
  }
}

TEST(RefusalNote, BytesOfAnotherEncodingBecomeLatin1) {
  const std::string noted = WithNote("{\"stream\":\"T\xfcrkiye \xc3\xbc\"}", 7, {});
  EXPECT_TRUE(IsObject(noted)) << noted;
  EXPECT_EQ(WithoutNote(noted).value_or(""), "{\"stream\":\"T\xc3\xbcrkiye \xc3\xbc\"}");
}

TEST(RefusalNote, ALineOfWhichNothingIsKeptIsNoEvent) {
  for (const std::string line : {"", "{}", "{ }"}) {
    const std::string noted = WithNote(line, 7, kErrors);
    EXPECT_EQ(noted, std::string("{") + kNote + "}");
    EXPECT_EQ(Bare(noted), "{}");
  }
}

TEST(RefusalNote, LinesWithoutOneAreLeftAlone) {
  for (const std::string line : {R"({"stream":"refused"})", R"({"a":{"refused":{}}})", "refused",
                                 "", " ", "{", R"({"text":"x"})"}) {
    EXPECT_EQ(WithoutNote(line).value_or("nothing"), line);
  }
}

TEST(RefusalNote, MayBeWrittenAnewByAnyTool) {
  EXPECT_EQ(Bare(R"( { "refused" : { "errors" : [ "}" , {"a":"]"} ] } , "stream" : "x" } )"),
            R"({"stream":"x"})");
  EXPECT_EQ(Bare(R"({"refused":{},"text":"{\"stream\":\"x\"}"})"), R"({"stream":"x"})");
  // Beside other fields `text` is one that no event has, for the parser to say.
  EXPECT_EQ(Bare(R"({"refused":{},"text":"x","id":"a"})"), R"({"text":"x","id":"a"})");
}

TEST(RefusalNote, WithoutAnEndIsAnError) {
  for (const std::string line :
       {R"({"refused")", R"({"refused":)", R"({"refused":{"line":1)", R"({"refused":7})",
        R"({"refused":{"a":"})", R"({"refused" {}})"}) {
    const auto bare = WithoutNote(line);
    ASSERT_FALSE(bare) << line;
    EXPECT_TRUE(bare.error().ToString().starts_with("JSON_MALFORMED at refused: column 2: "))
        << bare.error().ToString();
  }
}

}  // namespace
}  // namespace entente::formats
