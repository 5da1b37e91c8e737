#include "domain/dates/uncertain_date.h"

#include <gtest/gtest.h>

#include "tests/dates/dump.h"

namespace entente::domain {
namespace {

struct Case {
  const char* edtf;
  const char* expected;
};

void ExpectAll(std::initializer_list<Case> cases) {
  for (const auto& [edtf, expected] : cases) {
    const auto date = UncertainDate::Parse(edtf);
    EXPECT_EQ(Dump(date), expected) << edtf;
    if (date) {
      EXPECT_EQ(date->text(), edtf);
    }
    if (!date) {
      EXPECT_EQ(date.error().value, edtf);
    }
  }
}

TEST(UncertainDate, PartsOfTheCalendar) {
  ExpectAll({
      {"2021-04-24", "day 2021-04-24"},
      {"2021-04", "month 2021-04-01..2021-04-30"},
      {"2021", "year 2021-01-01..2021-12-31"},
      {"2020-02", "month 2020-02-01..2020-02-29"},
      {"2021-02", "month 2021-02-01..2021-02-28"},
      {"1900-02", "month 1900-02-01..1900-02-28"},
      {"2000-02-29", "day 2000-02-29"},
      {"0001", "year 0001-01-01..0001-12-31"},
      {"0001-01-01", "day 0001-01-01"},
      {"9999-12-31", "day 9999-12-31"},
  });
}

TEST(UncertainDate, UnspecifiedDigits) {
  ExpectAll({
      {"2021-04-XX", "month 2021-04-01..2021-04-30"},
      {"2021-XX", "year 2021-01-01..2021-12-31"},
      {"2021-XX-XX", "year 2021-01-01..2021-12-31"},
      {"202X", "decade 2020-01-01..2029-12-31"},
      {"20XX", "century 2000-01-01..2099-12-31"},
      {"1XXX", "millennium 1000-01-01..1999-12-31"},
      {"0XXX", "millennium 0001-01-01..0999-12-31"},
      {"000X", "decade 0001-01-01..0009-12-31"},
      {"202X-XX", "decade 2020-01-01..2029-12-31"},
      {"202X-XX-XX", "decade 2020-01-01..2029-12-31"},
      {"2016-1X", "year 2016-10-01..2016-12-31"},
      {"2016-0X", "year 2016-01-01..2016-09-30"},
      {"2016-1X-XX", "year 2016-10-01..2016-12-31"},
      {"2021-04-0X", "month 2021-04-01..2021-04-09"},
      {"2021-04-1X", "month 2021-04-10..2021-04-19"},
      {"2021-04-3X", "month 2021-04-30"},
      {"2021-05-3X", "month 2021-05-30..2021-05-31"},
      {"2021-02-2X", "month 2021-02-20..2021-02-28"},
  });
}

TEST(UncertainDate, SeasonsQuartersAndHalves) {
  ExpectAll({
      {"2021-21", "season 2021-03-01..2021-05-31"},
      {"2021-22", "season 2021-06-01..2021-08-31"},
      {"2021-23", "season 2021-09-01..2021-11-30"},
      {"2021-24", "season 2021-12-01..2022-02-28"},
      {"2023-24", "season 2023-12-01..2024-02-29"},
      {"9999-24", "season 9999-12-01..9999-12-31"},
      {"2021-33", "quarter 2021-01-01..2021-03-31"},
      {"2021-34", "quarter 2021-04-01..2021-06-30"},
      {"2021-35", "quarter 2021-07-01..2021-09-30"},
      {"2021-36", "quarter 2021-10-01..2021-12-31"},
      {"2021-40", "semester 2021-01-01..2021-06-30"},
      {"2021-41", "semester 2021-07-01..2021-12-31"},
  });
}

TEST(UncertainDate, QualifiersWidenOnlyThePaddedBounds) {
  ExpectAll({
      {"2021-04-24~", "day 2021-04-24 padded 2021-04-17..2021-05-01"},
      {"2021-04-24?", "day 2021-04-24 padded 2021-04-17..2021-05-01"},
      {"2021-04-24%", "day 2021-04-24 padded 2021-04-17..2021-05-01"},
      {"2021-04~", "month 2021-04-01..2021-04-30 padded 2021-03-01..2021-05-31"},
      {"2021-02?", "month 2021-02-01..2021-02-28 padded 2021-01-01..2021-03-31"},
      {"2021-01%", "month 2021-01-01..2021-01-31 padded 2020-12-01..2021-02-28"},
      {"2021~", "year 2021-01-01..2021-12-31 padded 2020-01-01..2022-12-31"},
      {"2021-04-XX~", "month 2021-04-01..2021-04-30 padded 2021-03-01..2021-05-31"},
      {"2021-04-1X~", "month 2021-04-10..2021-04-19 padded 2021-04-03..2021-04-26"},
      {"2021-XX?", "year 2021-01-01..2021-12-31 padded 2020-01-01..2022-12-31"},
      {"202X~", "decade 2020-01-01..2029-12-31 padded 2019-01-01..2030-12-31"},
      {"0001-01-03~", "day 0001-01-03 padded 0001-01-01..0001-01-10"},
      {"0001~", "year 0001-01-01..0001-12-31 padded 0001-01-01..0002-12-31"},
      {"9999-12~", "month 9999-12-01..9999-12-31 padded 9999-11-01..9999-12-31"},
  });
}

TEST(UncertainDate, IntervalsAreUncertaintyAboutTheFirstDay) {
  ExpectAll({
      {"2021-05-05/2021", "interval 2021-05-05..2021-12-31"},
      {"2021/2021-05-05", "interval 2021-01-01..2021-05-05"},
      {"2021-04-24/2021-04-24", "interval 2021-04-24"},
      {"2021-04/2021-04", "interval 2021-04-01..2021-04-30"},
      {"2021-22/2021-23", "interval 2021-06-01..2021-11-30"},
      {"2021-04-XX/202X", "interval 2021-04-01..2029-12-31"},
      {"2021-12/2021-12-01", "interval 2021-12-01"},
      {"[2021-04-24,2021-04-25]/2021-05", "interval 2021-04-24..2021-05-31"},
      {"2021-04-24~/2021-05", "interval 2021-04-24..2021-05-31 padded 2021-04-17..2021-05-31"},
      {"2021-04-24/2021-05?", "interval 2021-04-24..2021-05-31 padded 2021-04-24..2021-06-30"},
  });
}

TEST(UncertainDate, OpenAndUnknownEnds) {
  ExpectAll({
      {"2021-05-05/..", "interval 2021-05-05..inf"},
      {"../2021-05-05", "interval -inf..2021-05-05"},
      {"2021-05-05/", "interval 2021-05-05..inf unknown end"},
      {"/2021-05-05", "interval -inf..2021-05-05 unknown end"},
      {"2021~/..", "interval 2021-01-01..inf padded 2020-01-01..inf"},
      {"../..", "interval -inf..inf"},
      {"/", "interval -inf..inf unknown end"},
  });
}

TEST(UncertainDate, SetsAreOneOfTheirMembers) {
  ExpectAll({
      {"[2021-04-24,2021-04-25]", "set 2021-04-24..2021-04-25 of 2021-04-24, 2021-04-25"},
      {"[2021-04-25,2021-04-24]", "set 2021-04-24..2021-04-25 of 2021-04-25, 2021-04-24"},
      {"[2021-04-24]", "set 2021-04-24"},
      {"[2021-04,2021-06-XX,2022-22]",
       "set 2021-04-01..2022-08-31 of 2021-04-01..2021-04-30, 2021-06-01..2021-06-30, "
       "2022-06-01..2022-08-31"},
      {"[2021-04-24~,2021-04-30]",
       "set 2021-04-24..2021-04-30 padded 2021-04-17..2021-05-01 of 2021-04-24, 2021-04-30"},
  });
}

TEST(UncertainDate, RefusesWhatIsNoDay) {
  ExpectAll({
      {"", "DATE_INVALID column 1: empty; leave the date out when none is known"},
      {"2021-13",
       "DATE_INVALID column 6: no month, season (21-24), quarter (33-36) or half (40-41) has the "
       "number 13"},
      {"2021-00",
       "DATE_INVALID column 6: no month, season (21-24), quarter (33-36) or half (40-41) has the "
       "number 00"},
      {"2021-25",
       "DATE_INVALID column 6: no month, season (21-24), quarter (33-36) or half (40-41) has the "
       "number 25"},
      {"2021-42",
       "DATE_INVALID column 6: no month, season (21-24), quarter (33-36) or half (40-41) has the "
       "number 42"},
      {"2021-2X",
       "DATE_INVALID column 6: no month, season (21-24), quarter (33-36) or half (40-41) has the "
       "number 2X"},
      {"2021-04-31", "DATE_INVALID column 9: 2021-04 has 30 days"},
      {"2021-02-29", "DATE_INVALID column 9: 2021-02 has 28 days"},
      {"1900-02-29", "DATE_INVALID column 9: 1900-02 has 28 days"},
      {"2021-04-00", "DATE_INVALID column 9: no month has a day 00"},
      {"2021-02-3X", "DATE_INVALID column 9: 2021-02 has 28 days"},
      {"2021-22-01", "DATE_INVALID column 8: a season has no days"},
      {"0000", "DATE_INVALID column 1: years run from 0001 to 9999"},
      {"0000-01-01", "DATE_INVALID column 1: years run from 0001 to 9999"},
      {"-0000", "DATE_INVALID column 1: years run from 0001 to 9999, without a sign or Y"},
      {"-0044", "DATE_INVALID column 1: years run from 0001 to 9999, without a sign or Y"},
      {"Y20210", "DATE_INVALID column 1: years run from 0001 to 9999, without a sign or Y"},
      {"20210", "DATE_INVALID column 5: too many digits"},
      {"XXXX", "DATE_INVALID column 1: a year of X only says nothing; leave the date out"},
  });
}

TEST(UncertainDate, RefusesWhatIsNotOurPartOfEdtf) {
  ExpectAll({
      {"2021-4-24", "DATE_INVALID column 7: a month has two digits"},
      {"2021-04-2", "DATE_INVALID column 10: a day has two digits"},
      {"21-04-24", "DATE_INVALID column 3: a year has four digits"},
      {"2021-", "DATE_INVALID column 6: a month has two digits"},
      {"24 April 2021", "DATE_INVALID column 3: a year has four digits"},
      {"2021/04/24", "DATE_INVALID column 8: a year has four digits"},
      {" 2021", "DATE_INVALID column 1: a year has four digits"},
      {"2021 ", "DATE_INVALID column 5: no spaces"},
      {"2021-04-24T09:00Z", "DATE_INVALID column 11: a date has no time of day"},
      {"2021-04-24T09:00:00+09:00", "DATE_INVALID column 11: a date has no time of day"},
      {"202x", "DATE_INVALID column 4: an unspecified digit is a capital X"},
      {"2X21", "DATE_INVALID column 3: no digit can follow an X"},
      {"2021-X1", "DATE_INVALID column 7: no digit can follow an X"},
      {"199X-04", "DATE_INVALID column 6: after a year with X the month can only be XX"},
      {"199X-1X", "DATE_INVALID column 6: after a year with X the month can only be XX"},
      {"199X-22", "DATE_INVALID column 6: after a year with X the month can only be XX"},
      {"2021-XX-04", "DATE_INVALID column 9: after a month with X the day can only be XX"},
      {"2021-1X-0X", "DATE_INVALID column 9: after a month with X the day can only be XX"},
      {"2021~-04", "DATE_INVALID column 6: unexpected `-`"},
      {"2021-04-24~?",
       "DATE_INVALID column 12: one qualifier, and only after a year, month or day"},
      {"2021-22~", "DATE_INVALID column 8: a season is imprecise already and takes no qualifier"},
      {"?2021", "DATE_INVALID column 1: a year has four digits"},
      {"2021-06/2021-05", "DATE_INVALID column 9: the interval ends before it begins"},
      {"2021-05-05/2020", "DATE_INVALID column 12: the interval ends before it begins"},
      {"2021/2022/2023", "DATE_INVALID column 10: unexpected `/`"},
      {"..", "DATE_INVALID column 1: `..` stands only beside a `/`"},
      {"2021..2022", "DATE_INVALID column 5: unexpected `.`"},
      {"[]", "DATE_INVALID column 2: a year has four digits"},
      {"[2021-04-24", "DATE_INVALID column 12: a set goes on with `,` or ends with `]`"},
      {"[2021,]", "DATE_INVALID column 7: a year has four digits"},
      {"[2021-04-24, 2021-04-25]", "DATE_INVALID column 13: a year has four digits"},
      {"[2021-04-24..2021-04-26]",
       "DATE_INVALID column 12: a set lists its members; `..` has no place in it"},
      {"[..2021-04-24]", "DATE_INVALID column 2: a set lists its members; `..` has no place in it"},
      {"[2021-04-24,..]",
       "DATE_INVALID column 13: a set lists its members; `..` has no place in it"},
      {"[2021/2022]", "DATE_INVALID column 6: a set goes on with `,` or ends with `]`"},
      {"[2021]~", "DATE_INVALID column 7: one qualifier, and only after a year, month or day"},
      {"{2021,2022}", "DATE_INVALID column 1: a year has four digits"},
      {"2021\xC3\xA4", "DATE_INVALID column 5: unexpected character"},
  });
}

TEST(UncertainDate, OneDayFromADay) {
  const UncertainDate date = UncertainDate::Of(*Day::FromIso("2021-04-24"));
  EXPECT_EQ(date.text(), "2021-04-24");
  EXPECT_EQ(Dump(date), "day 2021-04-24");
}

TEST(UncertainDate, FinerThanMonthIsLessThan27Days) {
  for (const char* fine : {"2021-04-24", "2021-04-1X", "2021-04-01/2021-04-27", "[2021-04-24]"}) {
    EXPECT_TRUE(UncertainDate::Parse(fine)->FinerThanMonth()) << fine;
  }
  for (const char* coarse : {"2021-02", "2021-04-XX", "2021-04-01/2021-04-28", "2021-04-24/..",
                             "2021-22", "/2021", "[2021-04-24,2021-05-24]"}) {
    EXPECT_FALSE(UncertainDate::Parse(coarse)->FinerThanMonth()) << coarse;
  }
}

struct SetCase {
  std::vector<const char*> members;
  const char* text;
  const char* expected;
};

TEST(OneOf, IsASetThatForgetsOrderAndRepetition) {
  const SetCase cases[] = {
      {{"2021-04-25", "2021-04-24"},
       "[2021-04-24,2021-04-25]",
       "set 2021-04-24..2021-04-25 of 2021-04-24, 2021-04-25"},
      {{"2021-04-24", "2021-04-24"}, "2021-04-24", "day 2021-04-24"},
      {{"2021-04"}, "2021-04", "month 2021-04-01..2021-04-30"},
      {{"2021-04-XX", "2021-05-02"},
       "[2021-04-XX,2021-05-02]",
       "set 2021-04-01..2021-05-02 of 2021-04-01..2021-04-30, 2021-05-02"},
      {{"[2021-04-26,2021-04-24]", "2021-04-25"},
       "[2021-04-24,2021-04-25,2021-04-26]",
       "set 2021-04-24..2021-04-26 of 2021-04-24, 2021-04-25, 2021-04-26"},
      {{"2021-05-05/2021", "2021-04-24"},
       "2021-04-24/2021-12-31",
       "interval 2021-04-24..2021-12-31 of 2021-04-24, 2021-05-05..2021-12-31"},
      {{"2021-05-05/2021", "2021-05-05/2021"},
       "2021-05-05/2021",
       "interval 2021-05-05..2021-12-31"},
      {{"2021-05-05/..", "2021-04-24~"},
       "2021-04-24/..",
       "interval 2021-04-24..inf padded 2021-04-17..inf of 2021-04-24, 2021-05-05..inf"},
      {{"2021-05-05/", "../2020"},
       "/",
       "interval -inf..inf unknown end of -inf..2020-12-31, 2021-05-05..inf"},
  };
  for (const auto& [members, text, expected] : cases) {
    std::vector<UncertainDate> dates;
    for (const char* member : members) dates.push_back(*UncertainDate::Parse(member));
    for (int round = 0; round < 2; ++round) {
      const UncertainDate united = UncertainDate::OneOf(dates);
      EXPECT_EQ(united.text(), text);
      EXPECT_EQ(Dump(united), expected) << text;
      std::reverse(dates.begin(), dates.end());
    }
  }
}

}  // namespace
}  // namespace entente::domain
