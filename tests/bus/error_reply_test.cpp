#include "bus/error_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bus/frame.h"

namespace entente::bus {
namespace {

Error MakeFault(Reason reason, std::string field, std::string value, std::string message) {
  return Fail(reason, std::move(field), std::move(value), std::move(message)).value();
}

TEST(ErrorReply, EveryFieldTravels) {
  Error error = MakeFault(Reason::kIdConflict, "events[3].id", "x-1", "Other content.");
  error.position = Position(17);
  error.suggestions = {"x-2", "x-3"};
  const Errors back = ErrorsOf(MakeError(5, {error}));
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].reason, Reason::kIdConflict);
  EXPECT_EQ(back[0].field, "events[3].id");
  EXPECT_EQ(back[0].value, "x-1");
  EXPECT_EQ(back[0].message, "Other content.");
  EXPECT_EQ(back[0].position, Position(17));
  EXPECT_EQ(back[0].suggestions, (std::vector<std::string>{"x-2", "x-3"}));
}

TEST(ErrorReply, EveryReasonOfTheCatalogueTravels) {
  for (const CatalogueEntry& entry : kErrorCatalogue) {
    const Errors back = ErrorsOf(MakeError(0, {MakeFault(entry.reason, "", "", "")}));
    ASSERT_EQ(back.size(), 1U);
    EXPECT_EQ(back[0].reason, entry.reason) << entry.name;
    EXPECT_EQ(back[0].message, entry.text) << entry.name;
  }
}

TEST(ErrorReply, ValuesAreCutBetweenCharacters) {
  const struct {
    std::string value;
    std::string sent;
  } cases[] = {
      {std::string(200, 'a'), std::string(200, 'a')},
      {std::string(201, 'a'), std::string(200, 'a')},
      {std::string(199, 'a') + "é", std::string(199, 'a')},  // its second byte would be the 201st
      {std::string(198, 'a') + "é!", std::string(198, 'a') + "é"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ToErrorReply({MakeFault(Reason::kFieldInvalid, "", c.value, "")}).errors(0).value(),
              c.sent);
  }
}

TEST(ErrorReply, OtherBytesThanUtf8AreSpelled) {
  const struct {
    std::string value;
    std::string sent;
  } cases[] = {
      {"a\xff"
       "b",
       "a\\xffb"},
      {"\xc3", "\\xc3"},                             // cut in the middle of a character
      {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong
      {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},           // overlong
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"日本 \xf0\x9f\x98\x80", "日本 \xf0\x9f\x98\x80"},
  };
  for (const auto& c : cases) {
    const Error fault = MakeFault(Reason::kFieldInvalid, c.value, c.value, c.value);
    const Errors back = ErrorsOf(MakeError(1, {fault}));
    ASSERT_EQ(back.size(), 1U);
    EXPECT_EQ(back[0].value, c.sent);
    EXPECT_EQ(back[0].field, c.sent);
    EXPECT_EQ(back[0].message, c.sent);
  }
}

TEST(ErrorReply, EndsWhereAMessageWouldBecomeTooLarge) {
  const Errors errors(100'000, MakeFault(Reason::kDateInvalid, "events[1].reported", "2021-13",
                                         std::string(100, 'm')));
  const v1::ErrorReply reply = ToErrorReply(errors);
  EXPECT_LT(reply.ByteSizeLong(), kErrorReplyBytesMax + 1'000'000);
  ASSERT_LT(reply.errors_size(), 100'000);
  const v1::Error& last = reply.errors(reply.errors_size() - 1);
  EXPECT_EQ(last.reason(), v1::Reason::DATE_INVALID);
  EXPECT_THAT(last.message(),
              testing::StartsWith(std::to_string(100'000 - (reply.errors_size() - 1))));
}

TEST(ErrorReply, IsNeverEmpty) {
  EXPECT_EQ(ToErrorReply({}).errors(0).reason(), v1::Reason::INTERNAL);
  EXPECT_EQ(FromErrorReply({}).at(0).reason, Reason::kInternal);
}

TEST(ErrorReply, AReasonOfANewerVersionIsInternalAndKeepsItsNumberAndSentence) {
  v1::ErrorReply reply;
  v1::Error& unknown = *reply.add_errors();
  unknown.set_reason(static_cast<v1::Reason::Value>(4'711));
  unknown.set_field("events[0].stream");
  unknown.set_message("Ask the oracle first.");
  const Errors errors = FromErrorReply(reply);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].reason, Reason::kInternal);
  EXPECT_EQ(Describe(errors[0].reason).retry, Retry::kNever);
  EXPECT_EQ(errors[0].field, "events[0].stream");
  EXPECT_THAT(errors[0].message, testing::HasSubstr("4711"));
  EXPECT_THAT(errors[0].message, testing::EndsWith("Ask the oracle first."));
}

}  // namespace
}  // namespace entente::bus
