#include "cli/render/table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace entente::cli::render {
namespace {

Table Partners() {
  Table table({{.heading = "partner", .flexible = true, .narrowest = 6},
               {.heading = "held", .right = true},
               {.heading = "what", .flexible = true, .narrowest = 8}});
  table.Row({"Germany", "1", "the first of its kind"});
  table.Note("claimed by a daily", 1);
  table.Row({"日本", "12", ""});
  return table;
}

TEST(Table, IsAsWideAsItsContent) {
  EXPECT_EQ(Partners().Print({}),
            "partner  held  what\n"
            "Germany     1  the first of its kind\n"
            "         claimed by a daily\n"
            "日本       12\n");
}

TEST(Table, WrapsFlexibleColumnsWhereTheTerminalIsNarrow) {
  EXPECT_EQ(Partners().Print({.width = 26}),
            "partner  held  what\n"
            "Germany     1  the first\n"
            "               of its kind\n"
            "         claimed by a\n"
            "         daily\n"
            "日本       12\n");
}

TEST(Table, NoLineIsWiderThanTheTerminal) {
  for (unsigned width = 24; width < 60; ++width) {
    std::istringstream lines(Partners().Print({.width = width}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(DisplayWidth(line), std::max(width, 29U)) << width << ": " << line;
    }
  }
}

TEST(Table, ColourChangesNoColumn) {
  Table table({{.heading = "a"}, {.heading = "b"}});
  table.Row({{"x", Tint::kGood}, {"y", Tint::kBad}});
  EXPECT_EQ(table.Print({.colour = true}),
            "\x1b[2ma\x1b[0m  \x1b[2mb\x1b[0m\n\x1b[32mx\x1b[0m  \x1b[31my\x1b[0m\n");
}

TEST(Table, NothingPrintsNothing) { EXPECT_EQ(Table({{.heading = "a"}}).Print({}), ""); }

}  // namespace
}  // namespace entente::cli::render
