#include "cli/render/style.h"

#include <gtest/gtest.h>

namespace entente::cli::render {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0U);
  EXPECT_EQ(DisplayWidth("Japan"), 5U);
  EXPECT_EQ(DisplayWidth("Côte d'Ivoire"), 13U);
  EXPECT_EQ(DisplayWidth("Co\u0302te"), 4U);  // the circumflex as a mark of its own
  EXPECT_EQ(DisplayWidth("日本"), 4U);
  EXPECT_EQ(DisplayWidth("\xff"), 1U);  // broken UTF-8
}

TEST(Printable, LeavesNothingThatMovesTheCursor) {
  EXPECT_EQ(Printable("plain, Türkiye"), "plain, Türkiye");
  EXPECT_EQ(Printable("two\nlines\tand"), "two lines and");
  EXPECT_EQ(Printable("\x1b[31mred"), "\uFFFD[31mred");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "\uFFFD31m");                              // CSI as one C1 character
  EXPECT_EQ(Printable("a\u202eb"), "a\uFFFDb");        // turns the line round
  EXPECT_EQ(Printable("a\xff\xfe"), "a\uFFFD\uFFFD");  // no UTF-8
  EXPECT_EQ(Printable(std::string_view("a\0b", 3)), "a\uFFFDb");
}

TEST(Wrap, BreaksAtSpacesAndCutsOnlyWhatDoesNotFit) {
  EXPECT_EQ(Wrap("one two three", 0, ""), "one two three");
  EXPECT_EQ(Wrap("one two three", 13, ""), "one two three");
  EXPECT_EQ(Wrap("one two three", 12, ""), "one two\nthree");
  EXPECT_EQ(Wrap("one two three", 7, "  "), "one two\n  three");
  EXPECT_EQ(Wrap("one two three four", 9, "  "), "one two\n  three\n  four");
  EXPECT_EQ(Wrap("incomprehensible", 8, ""), "incompre\nhensible");
  EXPECT_EQ(Wrap("free-and-open-indo-pacific", 16, ""), "free-and-open-\nindo-pacific");
  EXPECT_EQ(Wrap("  one two", 6, ""), "  one\ntwo");
  EXPECT_EQ(Wrap("日本 日本", 4, ""), "日本\n日本");
  EXPECT_EQ(Wrap("日本", 1, ""), "日本");  // narrower than a character
  EXPECT_EQ(Wrap("", 10, ""), "");
}

TEST(Style, PaintsOnlyWithColour) {
  EXPECT_EQ(Style{}.Paint(Tint::kBad, "cancelled"), "cancelled");
  EXPECT_EQ(Style{.colour = true}.Paint(Tint::kBad, "cancelled"), "\x1b[31mcancelled\x1b[0m");
  EXPECT_EQ(Style{.colour = true}.Paint(Tint::kPlain, "x"), "x");
}

}  // namespace
}  // namespace entente::cli::render
