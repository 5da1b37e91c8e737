#include "values/day.h"

#include <gtest/gtest.h>

#include "values/recorded_time.h"

namespace entente {
namespace {

TEST(Day, ReadsAndWritesIso) {
  for (const char* text : {"0001-01-01", "1970-01-01", "2000-02-29", "2021-04-24", "9999-12-31"}) {
    const auto day = Day::FromIso(text);
    ASSERT_TRUE(day) << text;
    EXPECT_EQ(day->Iso(), text);
  }
}

TEST(Day, RefusesWhatIsNoDay) {
  for (const char* text : {"", "2021", "2021-02-29", "2021-13-01", "2021-00-10", "0000-01-01",
                           "2021-04-31", "2021-4-24", "2021/04/24", "2021-04-24 ", "-021-04-24"}) {
    EXPECT_FALSE(Day::FromIso(text)) << text;
  }
}

TEST(Day, EndsOfTimeLieOutsideAndStayPut) {
  EXPECT_LT(Day::BeforeAll(), *Day::FromIso("0001-01-01"));
  EXPECT_GT(Day::AfterAll(), *Day::FromIso("9999-12-31"));
  EXPECT_EQ(Day::AfterAll().PlusDays(-5), Day::AfterAll());
  EXPECT_EQ(Day::BeforeAll().Iso(), "");
}

TEST(Day, MonthsKeepTheDayOrTakeTheLast) {
  EXPECT_EQ(Day::FromIso("2021-01-31")->PlusMonths(1).Iso(), "2021-02-28");
  EXPECT_EQ(Day::FromIso("2021-03-15")->PlusMonths(-3).Iso(), "2020-12-15");
  EXPECT_EQ(Day::FromIso("9999-12-31")->PlusMonths(1).Iso(), "9999-12-31");
}

TEST(RecordedTime, ReadsAndWritesRfc3339) {
  EXPECT_EQ(ToRfc3339(RecordedTime(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(ToRfc3339(RecordedTime(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(RecordedTimeFromRfc3339("2021-05-05T09:30:00.250+09:00"),
            RecordedTimeFromRfc3339("2021-05-05T00:30:00.250Z"));
  EXPECT_FALSE(RecordedTimeFromRfc3339("2021-05-05"));
}

TEST(RecordedTime, ADayEndsJustBeforeTheNext) {
  const Day day = *Day::FromIso("2021-05-05");
  EXPECT_EQ(EndOfDay(day).Next(), StartOfDay(day.PlusDays(1)));
}

}  // namespace
}  // namespace entente
