// The one printed word, and what is pending, straight from the four facets.
#include <gtest/gtest.h>

#include "domain/dates/uncertain_date.h"
#include "domain/meeting/fold.h"

namespace entente::domain {
namespace {

struct Case {
  const char* name;
  v1::Meeting::Standing standing;
  v1::Meeting::Outcome outcome;
  v1::DateFact::State state;
  const char* edtf;
  const char* padded_latest;
  v1::Meeting::Status status;
  std::optional<Pending> pending;
};

v1::Meeting MeetingOf(const Case& c) {
  v1::Meeting meeting;
  meeting.set_standing(c.standing);
  meeting.mutable_outcome()->set_value(c.outcome);
  meeting.mutable_date()->set_state(c.state);
  meeting.add_reports()->set_class_(v1::Source::media);
  if (*c.edtf) {
    const auto date = UncertainDate::Parse(c.edtf);
    meeting.mutable_date()->mutable_fact()->set_value(c.edtf);
    meeting.mutable_date()->mutable_fact()->add_said_by(0);
    meeting.mutable_date()->set_earliest(date->bounds().earliest.Iso());
    meeting.mutable_date()->set_latest(date->bounds().latest.Iso());
    meeting.mutable_date()->set_padded_latest(c.padded_latest);
  }
  return meeting;
}

using M = v1::Meeting;
using D = v1::DateFact;

const Case kCases[] = {
    {"Withdrawn", M::withdrawn, M::held, D::dated, "2021-05-01", "2021-05-01", M::status_withdrawn,
     std::nullopt},
    {"NothingAsserted", M::unspecified, M::open, D::undated, "", "", M::status_unspecified,
     std::nullopt},
    {"Held", M::reported, M::held, D::dated, "2021-05-01", "2021-05-01", M::status_held,
     std::nullopt},
    {"Cancelled", M::announced, M::cancelled, D::dated, "2021-05-01", "2021-05-01",
     M::status_cancelled, std::nullopt},
    {"CalledOff", M::announced, M::called_off, D::dated, "2021-05-01", "2021-05-01",
     M::status_called_off, Pending::kCalledOff},
    {"PostponedEvenWhenLongAgo", M::announced, M::open, D::postponed, "2020-05-01", "2020-05-01",
     M::status_postponed, Pending::kPostponed},
    {"LapsedTheDayAfter", M::announced, M::open, D::dated, "2021-05-04", "2021-05-04",
     M::status_lapsed, Pending::kLapsed},
    {"NotLapsedOnTheDay", M::announced, M::open, D::dated, "2021-05-05", "2021-05-05",
     M::status_scheduled, std::nullopt},
    {"AboutADayLapsesWithItsPadding", M::announced, M::open, D::dated, "2021-05-01~", "2021-05-08",
     M::status_scheduled, std::nullopt},
    {"MonthIsNoSchedule", M::announced, M::open, D::dated, "2021-06", "2021-06-30",
     M::status_announced, Pending::kUndated},
    {"Undated", M::reported, M::open, D::undated, "", "", M::status_reported, Pending::kUndated},
    {"TwentySixDaysApart", M::reported, M::open, D::dated, "2021-06-01/2021-06-27", "2021-06-27",
     M::status_scheduled, std::nullopt},
    {"TwentySevenDaysApart", M::reported, M::open, D::dated, "2021-06-01/2021-06-28", "2021-06-28",
     M::status_reported, Pending::kUndated},
};

class Status : public testing::TestWithParam<Case> {};

TEST_P(Status, IsTheFirstThatHolds) {
  const v1::Meeting meeting = MeetingOf(GetParam());
  const Day today = *Day::FromIso("2021-05-05");
  EXPECT_EQ(M::Status_Name(PrintedStatus(meeting, today)), M::Status_Name(GetParam().status));
  EXPECT_EQ(WhyPending(meeting, today), GetParam().pending);
}

INSTANTIATE_TEST_SUITE_P(OnFiveMay, Status, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace entente::domain
