// How many reports there were as of a day and a position, against counting them one by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/horizon/report_periods.h"
#include "views/rows/draft.h"

namespace entente::views {
namespace {

struct Told {
  Position position;
  Day earliest;
  Day latest;
};

bool operator==(const ReportHorizon& a, const ReportHorizon& b) {
  return std::tie(a.reports, a.from, a.to) == std::tie(b.reports, b.from, b.to);
}

ReportHorizon CountedOneByOne(const std::vector<Told>& all, const std::optional<Position>& position,
                              const std::optional<Day>& day) {
  ReportHorizon sum;
  for (const Told& told : all) {
    if ((position && told.position > *position) || (day && told.latest > *day)) continue;
    ++sum.reports;
    sum.from = std::min(sum.from, told.earliest);
    sum.to = std::max(sum.to, told.latest);
  }
  return sum;
}

TEST(ReportPeriods, SumAsCountedOneByOne) {
  static TestViews empty;
  const auto snapshot = empty.store().TakeSnapshot();
  ForSeeds(20, [&](Dice* dice) {
    Draft draft(*snapshot);
    OpenPeriods periods;
    std::vector<Told> all;
    std::uint64_t position = 0;
    const Day begin = *Day::FromIso("2019-11-20");
    // Enough for several blocks of a year; the days rise, with some that come late.
    const int count = Below(dice, 300);
    for (int i = 0; i < count; ++i) {
      position += static_cast<std::uint64_t>(1 + Below(dice, 300));
      const Day latest = begin.PlusDays(i * 2 - (Below(dice, 10) == 0 ? Below(dice, 500) : 0));
      all.push_back({Position(position), latest.PlusDays(-Below(dice, 40)), latest});
      periods.Add(all.back().position, all.back().earliest, latest, draft);
      if (i % 30 == 0) periods.Flush(&draft);
      if (i % 90 == 0) periods = {};  // as after a restart
    }
    periods.Flush(&draft);
    for (int i = 0; i < 20; ++i) {
      std::optional<Position> until;
      std::optional<Day> day;
      if (Below(dice, 3) > 0) until = Position(static_cast<std::uint64_t>(Below(dice, 50'000)));
      if (Below(dice, 3) > 0) day = begin.PlusDays(Below(dice, 900) - 100);
      ASSERT_TRUE(SumOfReports(draft, until, day) == CountedOneByOne(all, until, day))
          << "until " << (until ? until->value() : 0) << " and " << (day ? day->Iso() : "ever");
    }
  });
}

TEST(ReportPeriods, KnowTheLastDayOfTheCalendar) {
  TestViews empty;
  const auto snapshot = empty.store().TakeSnapshot();
  Draft draft(*snapshot);
  OpenPeriods periods;
  const Day last = *Day::FromIso("9999-12-31");
  periods.Add(Position(1), last, last, draft);
  periods.Add(Position(2), last, Day::AfterAll(), draft);
  periods.Flush(&draft);
  EXPECT_EQ(SumOfReports(draft, std::nullopt, last).reports, 1);
  EXPECT_EQ(SumOfReports(draft, std::nullopt, std::nullopt).reports, 2);
  EXPECT_EQ(SumOfReports(draft, Position(1), Day::AfterAll()).reports, 1);
  EXPECT_EQ(SumOfReports(draft, std::nullopt, Day::BeforeAll()).reports, 0);
}

}  // namespace
}  // namespace entente::views
