#include "cli/commands/rehearsal.h"

#include <gtest/gtest.h>

namespace entente::cli {
namespace {

struct Case {
  const char* from;
  const char* to;
  const char* reported;
  bool within;
};

const Case kCases[] = {
    {"", "", "2021-05-05", true},
    {"2021-05-05", "2021-05-05", "2021-05-05", true},
    {"2021-05-06", "", "2021-05-05", false},
    {"", "2021-05-04", "2021-05-05", false},
    {"2021-05-05", "2021-05-05", "2021-05-05T23:30:00-05:00", true},  // the day as it is printed
    {"2021-05-01", "2021-05-31", "2021-05", true},  // known from its latest day on
    {"2021-05-01", "2021-05-30", "2021-05", false},
    {"2021-05-01", "", "", false},
};

TEST(Rehearsal, IsOfTheDaysOnWhichSourcesSpoke) {
  for (const Case& one : kCases) {
    const auto days = ToRehearsalDays(one.from, one.to);
    ASSERT_TRUE(days);
    v1::DescribedChange change;
    change.set_reported(one.reported);
    EXPECT_EQ(IsWithin(change, *days), one.within)
        << one.from << " to " << one.to << ": " << one.reported;
  }
}

TEST(Rehearsal, ADayIsADay) {
  const auto refused = ToRehearsalDays("2021-05-05", "2021-02-30");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kDateInvalid);
  EXPECT_EQ(refused.error().field, "--to");
  EXPECT_EQ(ToRehearsalDays("now", "").error().field, "--from");
}

}  // namespace
}  // namespace entente::cli
