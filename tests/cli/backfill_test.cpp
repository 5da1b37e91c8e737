#include "cli/commands/backfill.h"

#include <gtest/gtest.h>

#include <string>

namespace entente::cli {
namespace {

const Day kToday = *Day::FromIso("2021-05-05");

v1::NewEvent Said(const std::string& reported) {
  v1::NewEvent event;
  event.set_reported(reported);
  return event;
}

TEST(Backfill, IsWhatWasCertainlySaidMoreThanAWeekAgo) {
  for (const char* old : {"2021-04-27", "2020", "2021-03", "2021-04-27T23:59:59Z", "2021-04-20~"}) {
    EXPECT_TRUE(IsBackfill(Said(old), Backfill::kOld, kToday)) << old;
  }
  // Some day of the year, or of May, may be today; and what comes from tomorrow is no history.
  for (const char* recent : {"2021-04-28", "2021-05-05", "2021", "2021-05", "2021-04-28T00:00:00Z",
                             "2021-04-01/..", "2021-06-01", "soon", ""}) {
    EXPECT_FALSE(IsBackfill(Said(recent), Backfill::kOld, kToday)) << recent;
  }
}

TEST(Backfill, OfAReportWithoutATimeGoesByItsDocument) {
  v1::NewEvent event;
  event.mutable_source()->set_published("2021-01-02");
  EXPECT_TRUE(IsBackfill(event, Backfill::kOld, kToday));
  event.set_reported("2021-05-04");
  EXPECT_FALSE(IsBackfill(event, Backfill::kOld, kToday));
}

TEST(Backfill, AnEventMaySaySoItself) {
  v1::NewEvent event = Said("2021-05-05");
  event.set_backfill(true);
  EXPECT_TRUE(IsBackfill(event, Backfill::kOld, kToday));
  EXPECT_FALSE(IsBackfill(event, Backfill::kNever, kToday));
}

TEST(Backfill, AlwaysAndNeverLookAtNothing) {
  EXPECT_TRUE(IsBackfill(Said("2021-05-05"), Backfill::kAlways, kToday));
  EXPECT_FALSE(IsBackfill(Said("1990"), Backfill::kNever, kToday));
}

}  // namespace
}  // namespace entente::cli
