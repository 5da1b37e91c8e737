#include "domain/dates/reported_time.h"

#include <gtest/gtest.h>

#include "tests/dates/dump.h"

namespace entente::domain {
namespace {

struct Case {
  const char* text;
  const char* expected;
};

std::string DumpTime(const Result<ReportedTime>& time) {
  if (!time) return Dump(time.error());
  std::string dump = Dump(Bounds{time->earliest().day(), time->latest().day()});
  if (time->time_of_day_ms()) dump += fmt::format(" at {} ms", *time->time_of_day_ms());
  if (time->instant_ms()) dump += fmt::format(" instant {}", *time->instant_ms());
  return dump;
}

TEST(ReportedTime, IsADateOrADateTime) {
  const Case cases[] = {
      {"2021-05-05", "2021-05-05"},
      {"2021-05", "2021-05-01..2021-05-31"},
      {"[2021-05-04,2021-05-05]", "2021-05-04..2021-05-05"},
      {"2021-05-05~", "2021-05-05"},
      {"1970-01-01T00:00:00Z", "1970-01-01 at 0 ms instant 0"},
      {"1970-01-01T00:00Z", "1970-01-01 at 0 ms instant 0"},
      {"1970-01-01T09:00:00+09:00", "1970-01-01 at 32400000 ms instant 0"},
      {"1969-12-31T19:00:00-05:00", "1969-12-31 at 68400000 ms instant 0"},
      {"1970-01-01t00:00:00z", "1970-01-01 at 0 ms instant 0"},
      {"1970-01-01T00:00:00-00:00", "1970-01-01 at 0 ms instant 0"},
      {"1970-01-01T00:00:01.5Z", "1970-01-01 at 1500 ms instant 1500"},
      {"1970-01-01T00:00:00.1239999Z", "1970-01-01 at 123 ms instant 123"},
      {"2021-05-05T09:30", "2021-05-05 at 34200000 ms"},
      {"2021-05-05T09:30:15", "2021-05-05 at 34215000 ms"},
      {"2016-12-31T23:59:60Z", "2016-12-31 at 86400000 ms instant 1483228800000"},
      {"2017-01-01T08:59:60+09:00", "2017-01-01 at 32400000 ms instant 1483228800000"},
      {"0001-01-01T00:00:00+23:59", "0001-01-01 at 0 ms instant -62135683140000"},
  };
  for (const auto& [text, expected] : cases) {
    const auto time = ReportedTime::Parse(text);
    EXPECT_EQ(DumpTime(time), expected) << text;
    if (time) {
      EXPECT_EQ(time->text(), text);
    }
  }
}

TEST(ReportedTime, RefusesWithAColumn) {
  const Case cases[] = {
      {"", "TIME_INVALID column 1: empty; leave the date out when none is known"},
      {"2021-02-30", "TIME_INVALID column 9: 2021-02 has 28 days"},
      {"2021-02-30T09:30Z", "TIME_INVALID column 9: 2021-02 has 28 days"},
      {"2021-04-2XT09:30Z", "TIME_INVALID column 11: a time of day needs one day before it"},
      {"2021-05-05 09:30", "TIME_INVALID column 11: no spaces"},
      {"2021-05T09:30", "TIME_INVALID column 8: a date has no time of day"},
      {"2021-05-05T", "TIME_INVALID column 12: hours have two digits"},
      {"2021-05-05T9:30", "TIME_INVALID column 13: hours have two digits"},
      {"2021-05-05T24:00", "TIME_INVALID column 12: hours run from 00 to 23"},
      {"2021-05-05T09", "TIME_INVALID column 14: minutes follow the hours after `:`"},
      {"2021-05-05T09:60", "TIME_INVALID column 15: minutes run from 00 to 59"},
      {"2021-05-05T09:30:61Z", "TIME_INVALID column 18: seconds run from 00 to 59"},
      {"2021-05-05T09:30:60Z", "TIME_INVALID column 18: a 60th second exists only at 23:59 UTC"},
      {"2021-05-05T23:59:60", "TIME_INVALID column 18: a 60th second exists only at 23:59 UTC"},
      {"2021-05-05T09:30:15.Z", "TIME_INVALID column 21: digits follow the `.`"},
      {"2021-05-05T09:30:15,5Z", "TIME_INVALID column 20: nothing can follow here"},
      {"2021-05-05T09:30+9:00", "TIME_INVALID column 19: the offset's hours have two digits"},
      {"2021-05-05T09:30+0900", "TIME_INVALID column 20: the offset's minutes follow after `:`"},
      {"2021-05-05T09:30+24:00", "TIME_INVALID column 18: the offset's hours run from 00 to 23"},
      {"2021-05-05T09:30Z ", "TIME_INVALID column 18: nothing can follow here"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(DumpTime(ReportedTime::Parse(text)), expected) << text;
  }
}

std::string DumpDuration(const Result<Duration>& duration) {
  if (!duration) return Dump(duration.error());
  return fmt::format("{}y {}m {}d {}s", duration->years, duration->months, duration->days,
                     duration->seconds);
}

TEST(Duration, IsIso8601) {
  const Case cases[] = {
      {"P2Y", "2y 0m 0d 0s"},
      {"P6M", "0y 6m 0d 0s"},
      {"P1Y6M", "1y 6m 0d 0s"},
      {"P14D", "0y 0m 14d 0s"},
      {"P2W", "0y 0m 14d 0s"},
      {"PT90M", "0y 0m 0d 5400s"},
      {"P1DT1H1M1S", "0y 0m 1d 3661s"},
      {"P0D", "0y 0m 0d 0s"},
      {"P14M", "0y 14m 0d 0s"},
      {"P9999Y", "9999y 0m 0d 0s"},
      {"", "DURATION_INVALID column 1: a duration begins with P"},
      {"2Y", "DURATION_INVALID column 1: a duration begins with P"},
      {"-P2Y", "DURATION_INVALID column 1: a duration begins with P"},
      {"P", "DURATION_INVALID column 2: a duration has at least one part, such as 2Y"},
      {"PT", "DURATION_INVALID column 3: after T come hours, minutes or seconds"},
      {"P1YT", "DURATION_INVALID column 5: after T come hours, minutes or seconds"},
      {"P2", "DURATION_INVALID column 3: after the number comes one of YMD"},
      {"P2H", "DURATION_INVALID column 3: after the number comes one of YMD"},
      {"PT2D", "DURATION_INVALID column 4: after the number comes one of HMS"},
      {"P6M1Y", "DURATION_INVALID column 5: parts come once and in the order YMD"},
      {"P1Y1Y", "DURATION_INVALID column 5: parts come once and in the order YMD"},
      {"P1.5Y", "DURATION_INVALID column 3: after the number comes one of YMD"},
      {"P-1Y", "DURATION_INVALID column 2: a whole number of digits goes here"},
      {"PY", "DURATION_INVALID column 2: a whole number of digits goes here"},
      {"P1Y2W", "DURATION_INVALID column 3: weeks stand alone"},
      {"PT1H ", "DURATION_INVALID column 5: a whole number of digits goes here"},
      {"P10000Y", "DURATION_INVALID column 2: longer than 9999 years"},
      {"P9999Y1M", "DURATION_INVALID column 2: longer than 9999 years"},
      {"P9999999999999Y", "DURATION_INVALID column 2: longer than 9999 years"},
      {"PT999999999999H", "DURATION_INVALID column 2: longer than 9999 years"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(DumpDuration(Duration::Parse(text)), expected) << text;
  }
}

TEST(Duration, BackTakesMonthsFirstAndStaysInTheCalendar) {
  const auto back = [](const char* day, const char* duration) {
    return Back(*Day::FromIso(day), *Duration::Parse(duration)).Iso();
  };
  EXPECT_EQ(back("2021-05-05", "P1Y"), "2020-05-05");
  EXPECT_EQ(back("2024-02-29", "P1Y"), "2023-02-28");
  EXPECT_EQ(back("2021-05-31", "P3M"), "2021-02-28");
  EXPECT_EQ(back("2021-03-31", "P1M1D"), "2021-02-27");
  EXPECT_EQ(back("2021-05-05", "P2W"), "2021-04-21");
  EXPECT_EQ(back("2021-05-05", "PT48H"), "2021-05-05");
  EXPECT_EQ(back("2021-05-05", "P9999Y"), "0001-01-01");
  EXPECT_EQ(Back(Day::AfterAll(), *Duration::Parse("P1Y")), Day::AfterAll());
}

}  // namespace
}  // namespace entente::domain
