#include "domain/words/sentence.h"

#include <gtest/gtest.h>

#include "domain/words/plain_words.h"

namespace entente::domain {
namespace {

TEST(Sentence, Lists) {
  EXPECT_EQ(AndList({}), "");
  EXPECT_EQ(AndList({"a"}), "a");
  EXPECT_EQ(AndList({"a", "b"}), "a and b");
  EXPECT_EQ(OrList({"a", "b", "c"}), "a, b or c");
}

TEST(Sentence, Numbers) {
  const std::pair<int, const char*> ordinals[] = {
      {1, "first"}, {8, "eighth"}, {12, "twelfth"}, {13, "13th"},   {21, "21st"},
      {22, "22nd"}, {23, "23rd"},  {111, "111th"},  {101, "101st"}, {112, "112th"}};
  for (const auto& [n, words] : ordinals) {
    EXPECT_EQ(OrdinalWord(static_cast<std::uint64_t>(n)), words);
  }
  EXPECT_EQ(Counted(1, "report"), "one report");
  EXPECT_EQ(Counted(12, "report"), "twelve reports");
  EXPECT_EQ(Counted(28, "country", "countries"), "28 countries");
}

TEST(Sentence, PossessivesAndCapitals) {
  EXPECT_EQ(Possessive("Japan"), "Japan's");
  EXPECT_EQ(Possessive("the United States"), "the United States'");
  EXPECT_EQ(Capitalised("the United States"), "The United States");
  EXPECT_EQ(Capitalised("\xC3\xA9t\xC3\xA9"), "\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(Sentence("held"), "held.");
  EXPECT_EQ(Sentence("held?"), "held?");
}

TEST(Sentence, WhatSourcesWroteCannotBreakALineOrATerminal) {
  EXPECT_EQ(OneLine("  two\n\tlines  "), "two lines");
  EXPECT_EQ(OneLine("\x1b[2Jred"), "[2Jred");
  EXPECT_EQ(OneLine("a\xC2\x9B"
                    "31mb"),
            "a 31mb");
  EXPECT_EQ(OneLine("abc\xE2\x80\xAE"
                    "fed"),
            "abc fed");
  EXPECT_EQ(OneLine("\xE2\x80\x9Cquoted\xE2\x80\x9D \xE6\x97\xA5\xE6\x9C\xAC"),
            "\xE2\x80\x9Cquoted\xE2\x80\x9D \xE6\x97\xA5\xE6\x9C\xAC");
  EXPECT_EQ(OneLine("cut \xE2\x80"), "cut \xE2\x80");
}

TEST(PlainWords, CountsAndModes) {
  EXPECT_EQ(CountInWords(4, 4), "4");
  EXPECT_EQ(CountInWords(3, 5), "3 certain, 5 possible");
  EXPECT_EQ(ModeInWords("video"), "by video");
  EXPECT_EQ(ModeInWords("unspecified"), "");
  EXPECT_EQ(ModeInWords("carrier pigeon"), "");
  EXPECT_EQ(StatusInWords(v1::Meeting::status_called_off), "called off");
  EXPECT_EQ(StatusInWords(v1::Meeting::status_lapsed), "no news since its date");
}

}  // namespace
}  // namespace entente::domain
