#include "domain/words/date_words.h"

#include <gtest/gtest.h>

#include "domain/words/describe.h"

namespace entente::domain {
namespace {

struct Case {
  const char* edtf;
  const char* noun;  // DateInWords
  const char* when;  // OnDateInWords
};

void ExpectAll(std::initializer_list<Case> cases) {
  for (const auto& [edtf, noun, when] : cases) {
    EXPECT_EQ(DateInWords(edtf), noun) << edtf;
    EXPECT_EQ(OnDateInWords(edtf), when) << edtf;
  }
}

TEST(DateWords, PartsOfTheCalendar) {
  ExpectAll({
      {"2021-04-24", "24 April 2021", "on 24 April 2021"},
      {"2021-04-04", "4 April 2021", "on 4 April 2021"},
      {"2021-03", "March 2021", "in March 2021"},
      {"2021", "2021", "in 2021"},
      {"0800-12-25", "25 December 800", "on 25 December 800"},
      {"2021-21", "spring 2021", "in spring 2021"},
      {"2021-22", "summer 2021", "in summer 2021"},
      {"2021-23", "autumn 2021", "in autumn 2021"},
      {"2021-24", "winter 2021-22", "in winter 2021-22"},
      {"1999-24", "winter 1999-00", "in winter 1999-00"},
      {"2021-33", "the first quarter of 2021", "in the first quarter of 2021"},
      {"2021-36", "the fourth quarter of 2021", "in the fourth quarter of 2021"},
      {"2021-40", "the first half of 2021", "in the first half of 2021"},
      {"2021-41", "the second half of 2021", "in the second half of 2021"},
  });
}

TEST(DateWords, UnspecifiedDigits) {
  ExpectAll({
      {"2021-04-XX", "April 2021", "in April 2021"},
      {"2021-XX", "2021", "in 2021"},
      {"2021-XX-XX", "2021", "in 2021"},
      {"2021-04-1X", "between 10 and 19 April 2021", "between 10 and 19 April 2021"},
      {"2021-04-3X", "30 April 2021", "on 30 April 2021"},
      {"2021-1X", "between October and December 2021", "between October and December 2021"},
      {"2021-0X", "between January and September 2021", "between January and September 2021"},
      {"202X", "the 2020s", "in the 2020s"},
      {"20XX", "between 2000 and 2099", "between 2000 and 2099"},
      {"1XXX", "between 1000 and 1999", "between 1000 and 1999"},
  });
}

TEST(DateWords, Qualifiers) {
  ExpectAll({
      {"2021-04-24~", "about 24 April 2021", "on or about 24 April 2021"},
      {"2021-04-24?", "possibly 24 April 2021", "possibly on 24 April 2021"},
      {"2021-04-24%", "possibly about 24 April 2021", "possibly on or about 24 April 2021"},
      {"2021-04~", "about April 2021", "in or around April 2021"},
      {"2021?", "possibly 2021", "possibly in 2021"},
      {"2021%", "possibly about 2021", "possibly in or around 2021"},
  });
}

TEST(DateWords, Intervals) {
  ExpectAll({
      {"2021-05-05/2021", "between 5 May and the end of 2021", "between 5 May and the end of 2021"},
      {"2021-05-05/2022", "between 5 May 2021 and the end of 2022",
       "between 5 May 2021 and the end of 2022"},
      {"2021-04-24/2021-04-26", "between 24 and 26 April 2021", "between 24 and 26 April 2021"},
      {"2021-04-24/2021-05-03", "between 24 April and 3 May 2021",
       "between 24 April and 3 May 2021"},
      {"2020-12-24/2021-01-03", "between 24 December 2020 and 3 January 2021",
       "between 24 December 2020 and 3 January 2021"},
      {"2021-05-05/2021-06", "between 5 May and the end of June 2021",
       "between 5 May and the end of June 2021"},
      {"2021-04/2021-05-05", "between the start of April and 5 May 2021",
       "between the start of April and 5 May 2021"},
      {"2021/2021-05-05", "between the start of 2021 and 5 May 2021",
       "between the start of 2021 and 5 May 2021"},
      {"2021-04/2021-06", "between April and June 2021", "between April and June 2021"},
      {"2021-12/2022-01", "between December 2021 and January 2022",
       "between December 2021 and January 2022"},
      {"2021/2023", "between 2021 and 2023", "between 2021 and 2023"},
      {"2021-05/2021", "between May and the end of 2021", "between May and the end of 2021"},
      {"2021-22/2021-23", "between summer and autumn 2021", "between summer and autumn 2021"},
      {"2021-33/2021-35", "between the first quarter and the third quarter of 2021",
       "between the first quarter and the third quarter of 2021"},
      {"2021-05-05/2021-33",  // refused: the quarter is over by then
       "2021-05-05/2021-33", "2021-05-05/2021-33"},
      {"2021-05-05/2021-35", "between 5 May and the end of the third quarter of 2021",
       "between 5 May and the end of the third quarter of 2021"},
      {"2021-05-05~/2021-06?", "between about 5 May 2021 and the end of possibly June 2021",
       "between about 5 May 2021 and the end of possibly June 2021"},
      {"2021-05/2021-05", "May 2021", "in May 2021"},
      {"2021-05-05/2021-05-05", "5 May 2021", "on 5 May 2021"},
      {"[2021-04-24,2021-04-25]/2021-05", "between 24 April and the end of May 2021",
       "between 24 April and the end of May 2021"},
      {"2021-04-1X/2021-05", "between 10 April and the end of May 2021",
       "between 10 April and the end of May 2021"},
  });
}

TEST(DateWords, OpenAndUnknownEnds) {
  ExpectAll({
      {"2021-05-05/..", "5 May 2021 or later", "on 5 May 2021 or later"},
      {"2021-05/..", "May 2021 or later", "in May 2021 or later"},
      {"../2021-05-05", "5 May 2021 or earlier", "on 5 May 2021 or earlier"},
      {"2021-05-05/", "5 May 2021 or an unknown later day",
       "on 5 May 2021 or an unknown later day"},
      {"/2021", "2021 or an unknown earlier day", "in 2021 or an unknown earlier day"},
      {"../..", "any day", "on any day"},
      {"/", "an unknown day", "on an unknown day"},
  });
}

TEST(DateWords, Sets) {
  ExpectAll({
      {"[2021-04-24,2021-04-25]", "24 or 25 April 2021", "on 24 or 25 April 2021"},
      {"[2021-04-24,2021-04-25,2021-04-26]", "24, 25 or 26 April 2021",
       "on 24, 25 or 26 April 2021"},
      {"[2021-04-30,2021-05-01]", "30 April or 1 May 2021", "on 30 April or 1 May 2021"},
      {"[2021-12-31,2022-01-01]", "31 December 2021 or 1 January 2022",
       "on 31 December 2021 or 1 January 2022"},
      {"[2021-04,2021-05]", "April or May 2021", "in April or May 2021"},
      {"[2021,2022]", "2021 or 2022", "in 2021 or 2022"},
      {"[2021-04-24,2021-05]", "24 April 2021 or May 2021", "on 24 April 2021 or in May 2021"},
      {"[2021-04-24~,2021-04-30]", "about 24 April 2021 or 30 April 2021",
       "on or about 24 April 2021 or on 30 April 2021"},
      {"[2021-04-24]", "24 April 2021", "on 24 April 2021"},
  });
}

TEST(DateWords, WhatIsNoDateStaysAsItIs) {
  ExpectAll({
      {"", "", ""},
      {"next week", "next week", "next week"},
      {"2021-13", "2021-13", "2021-13"},
      {"2021\n\x1b[31m", "2021 [31m", "2021 [31m"},
  });
}

TEST(DateWords, SeveralDays) {
  EXPECT_EQ(OnDateInWords("2021-02-03", "2021-02-05"), "from 3 to 5 February 2021");
  EXPECT_EQ(OnDateInWords("2021-02-27", "2021-03-01"), "from 27 February to 1 March 2021");
  EXPECT_EQ(OnDateInWords("2020-12-31", "2021-01-02"), "from 31 December 2020 to 2 January 2021");
  EXPECT_EQ(OnDateInWords("2021-02-03", "2021-02-03"), "on 3 February 2021");
  EXPECT_EQ(OnDateInWords("2021-02", "2021-02-05"), "in February 2021");
  EXPECT_EQ(TargetDateInWords("2021-02-03", "2021-02-05"), "3 to 5 February 2021");
}

TEST(DateWords, Targets) {
  EXPECT_EQ(TargetDateInWords("2021-05-05/2021"), "a day between 5 May and the end of 2021");
  EXPECT_EQ(TargetDateInWords("2021-04-24"), "24 April 2021");
  EXPECT_TRUE(ReadsAfterOf("2021-04-24~"));
  EXPECT_TRUE(ReadsAfterOf("[2021-04-24,2021-04-25]"));
  EXPECT_FALSE(ReadsAfterOf("2021-05-05/2021"));
  EXPECT_FALSE(ReadsAfterOf("2021-04-1X"));
}

TEST(DateWords, DatesInsideOfATextAreFoundAndIdsAreNot) {
  const std::pair<const char*, const char*> cases[] = {
      {"Kyodo (2021-04-25) plans it for 2021-05, after all.",
       "Kyodo (25 April 2021) plans it for May 2021, after all."},
      {"held on 2021-04-24.", "held on 24 April 2021."},
      {"2021-04-24, 2021-04-25", "24 April 2021, 25 April 2021"},
      {"one of [2021-04-24,2021-04-25] it is", "one of 24 or 25 April 2021 it is"},
      {"meeting/jp-in-2021-04 moves", "meeting/jp-in-2021-04 moves"},
      {"2021-04-24-talks and x2021-04", "2021-04-24-talks and x2021-04"},
      {"30 parties in 2021, 4 left", "30 parties in 2021, 4 left"},
      {"", ""},
  };
  for (const auto& [text, words] : cases) EXPECT_EQ(WithDatesInWords(text), words);
}

TEST(DateWords, ReportedTimes) {
  EXPECT_EQ(ReportedInWords("2021-05-05"), "5 May 2021");
  EXPECT_EQ(ReportedInWords("2021-05-05T09:30:00+09:00"), "5 May 2021");
  EXPECT_EQ(ReportedInWords("2021-05"), "May 2021");
  EXPECT_EQ(ReportedInWords("yesterday"), "yesterday");
}

TEST(DateWords, Rhythms) {
  const std::pair<const char*, const char*> cases[] = {
      {"P1Y", "every year"},       {"P2Y", "every two years"}, {"P24M", "every two years"},
      {"P6M", "every six months"}, {"P1M", "every month"},     {"P1Y6M", "every 18 months"},
      {"P7D", "every week"},       {"P2W", "every two weeks"}, {"P10D", "every ten days"},
      {"P1Y10D", "every P1Y10D"},  {"often", "often"},
  };
  for (const auto& [duration, words] : cases) EXPECT_EQ(EveryInWords(duration), words);
}

}  // namespace
}  // namespace entente::domain
