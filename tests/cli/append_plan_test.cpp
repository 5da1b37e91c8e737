#include "cli/append_plan.h"

#include <gtest/gtest.h>

namespace entente::cli {
namespace {

v1::NewEvent EventOf(const std::string& stream) {
  v1::NewEvent event;
  event.set_stream(stream);
  return event;
}

Batch ThreeLines() {
  BatchBuilder builder({}, true, {});
  builder.Add(EventOf("meeting/a"), {3, "line a"});
  builder.Add(EventOf("meeting/b"), {5, "line b"});
  builder.Add(EventOf("meeting/c"), {6, "line c"});
  return *builder.Take();
}

std::vector<std::uint64_t> NumbersOf(const Batch& batch) {
  std::vector<std::uint64_t> numbers;
  for (const SourceLine& line : batch.lines) numbers.push_back(line.number);
  return numbers;
}

Error At(const char* field) { return Fail(Reason::kPartyUnknown, field, "Japn", "").value(); }

TEST(BatchBuilder, CutsByNumberAndBytes) {
  BatchBuilder builder({.events = 2, .bytes = 100}, false, {});
  EXPECT_FALSE(builder.Add(EventOf("meeting/a"), {1, ""}));
  EXPECT_FALSE(builder.Add(EventOf("meeting/b"), {2, ""}));
  const auto by_number = builder.Add(EventOf("meeting/c"), {4, ""});
  ASSERT_TRUE(by_number);
  EXPECT_EQ(NumbersOf(*by_number), (std::vector<std::uint64_t>{1, 2}));
  const auto by_bytes = builder.Add(EventOf("meeting/" + std::string(200, 'd')), {5, ""});
  ASSERT_TRUE(by_bytes);
  EXPECT_EQ(NumbersOf(*by_bytes), (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(NumbersOf(*builder.Take()), (std::vector<std::uint64_t>{5}));
  EXPECT_FALSE(builder.Take());
}

TEST(BatchBuilder, GivesAnExpectationToTheFirstBatchOfItsStreamOnly) {
  BatchBuilder builder({.events = 1}, false, {*ParseExpectation("meeting/b=no_stream")});
  builder.Add(EventOf("meeting/a"), {1, ""});
  const auto first = builder.Add(EventOf("meeting/b"), {2, ""});
  const auto second = builder.Add(EventOf("meeting/b"), {3, ""});
  const auto third = builder.Take();
  EXPECT_EQ(first->request.expected_size(), 0);
  ASSERT_EQ(second->request.expected_size(), 1);
  EXPECT_TRUE(second->request.expected(0).no_stream());
  EXPECT_EQ(third->request.expected_size(), 0);
}

TEST(ReadRefusal, NamesLinesAndKeepsTheRest) {
  Refusal refusal = ReadRefusal(ThreeLines(), {At("events[1].meeting.parties[0].name")});
  ASSERT_EQ(refusal.refused.size(), 1U);
  EXPECT_EQ(refusal.refused[0].line.text, "line b");
  EXPECT_TRUE(refusal.refused[0].ToString().starts_with(
      "line 5: PARTY_UNKNOWN at meeting.parties[0].name: "))
      << refusal.refused[0].ToString();
  EXPECT_EQ(NumbersOf(refusal.rest), (std::vector<std::uint64_t>{3, 6}));
  EXPECT_EQ(refusal.rest.lines[1].text, "line c");
  EXPECT_EQ(refusal.rest.request.events(1).stream(), "meeting/c");
  EXPECT_TRUE(refusal.rest.request.dry_run());
  EXPECT_TRUE(refusal.others.empty());
}

TEST(ReadRefusal, EachLineIsRefusedOnceWithAllItsErrors) {
  const Refusal refusal =
      ReadRefusal(ThreeLines(), {At("events[2].id"), At("events[0].id"), At("events[2].stream")});
  ASSERT_EQ(refusal.refused.size(), 2U);
  EXPECT_EQ(refusal.refused[0].line.number, 3U);
  EXPECT_EQ(refusal.refused[1].line.number, 6U);
  ASSERT_EQ(refusal.refused[1].errors.size(), 2U);
  EXPECT_EQ(refusal.refused[1].errors[1].field, "stream");
}

TEST(ReadRefusal, AnErrorOfAnEventAsAWholeHasNoPathLeft) {
  const Refusal refusal = ReadRefusal(ThreeLines(), {At("events[0]")});
  ASSERT_EQ(refusal.refused.size(), 1U);
  EXPECT_EQ(refusal.refused[0].line.number, 3U);
  EXPECT_EQ(refusal.refused[0].errors[0].field, "");
}

TEST(ReadRefusal, NothingIsLeftWhereAllLinesAreAtFault) {
  const Refusal refusal =
      ReadRefusal(ThreeLines(), {At("events[0].stream"), At("events[1].id"), At("events[2].id")});
  EXPECT_EQ(refusal.refused.size(), 3U);
  EXPECT_TRUE(refusal.rest.lines.empty());
}

TEST(ReadRefusal, WhatNamesNoLineIsOfTheBatch) {
  for (const char* field : {"", "expected[0]", "events", "events[", "events[x]", "events[3]",
                            "events[99999999999999999999]"}) {
    const Refusal refusal = ReadRefusal(ThreeLines(), {At(field)});
    EXPECT_TRUE(refusal.refused.empty()) << field;
    EXPECT_EQ(refusal.rest.lines.size(), 3U) << field;
    EXPECT_EQ(refusal.others.size(), 1U) << field;
  }
}

TEST(ParseExpectation, ReadsTheThreeForms) {
  EXPECT_TRUE(ParseExpectation("meeting/a=any")->any());
  EXPECT_TRUE(ParseExpectation("meeting/a=no_stream")->no_stream());
  EXPECT_EQ(ParseExpectation("meeting/a=7")->exact(), 7U);
  EXPECT_EQ(ParseExpectation("meeting/a=7")->stream(), "meeting/a");
}

TEST(ParseExpectation, RefusesTheRest) {
  for (const char* text :
       {"", "=any", "meeting/a", "meeting/a=", "meeting/a=-1", "meeting/a=7x", "meeting/a=None"}) {
    const auto expectation = ParseExpectation(text);
    ASSERT_FALSE(expectation) << text;
    EXPECT_EQ(expectation.error().reason, Reason::kQueryInvalid);
    EXPECT_EQ(expectation.error().field, "--expect");
  }
}

}  // namespace
}  // namespace entente::cli
