// One word for four facets, and what is pending.
#include <algorithm>

#include "domain/dates/uncertain_date.h"
#include "domain/meeting/fold.h"
#include "domain/meeting/said.h"

namespace entente::domain {

namespace {

// From this many days on between the bounds a date is as good as none.
constexpr int kUndatedSpanDays = 27;

bool Exists(const v1::Meeting& meeting) {
  return meeting.standing() == v1::Meeting::announced ||
         meeting.standing() == v1::Meeting::reported;
}

bool IsOpen(const v1::Meeting& meeting) {
  return meeting.outcome().value() == v1::Meeting::open ||
         meeting.outcome().value() == v1::Meeting::outcome_unspecified;
}

// The last day on which it may still be on its way.
bool Passed(const v1::DateFact& date, Day today) {
  if (date.state() != v1::DateFact::dated) return false;
  const auto latest = Day::FromIso(date.padded_latest());
  if (!latest) return false;  // open end
  const auto last_day = Day::FromIso(date.last_day());
  return std::max(*latest, last_day.value_or(*latest)) < today;
}

// A correction vouches for as much as the report does in whose place it stands.
Authority AuthorityBehind(const v1::Meeting& meeting, std::uint32_t index) {
  if (static_cast<int>(index) >= meeting.reports_size()) return Authority::kNone;
  const v1::Report* report = &meeting.reports(static_cast<int>(index));
  if (report->facts().has_report_corrected()) {
    const auto root = std::ranges::find_if(meeting.reports(), [&](const v1::Report& other) {
      return other.fate().value() == v1::Report::Fate::corrected &&
             other.fate().by() == report->event_id() && !other.facts().has_report_corrected();
    });
    if (root != meeting.reports().end()) report = &*root;
  }
  return AuthorityOf(report->class_());
}

// Finer than a month, by an official or a medium.
bool Scheduled(const v1::Meeting& meeting) {
  if (meeting.date().state() != v1::DateFact::dated) return false;
  const auto& fact = meeting.date().fact();
  const bool firm = std::ranges::any_of(fact.said_by(), [&](std::uint32_t index) {
    return AuthorityBehind(meeting, index) >= Authority::kMedia;
  });
  if (!firm) return false;
  const auto date = UncertainDate::Parse(fact.value());
  return date && date->FinerThanMonth();
}

int SpanDays(const v1::DateFact& date) {
  const auto earliest = Day::FromIso(date.earliest());
  const auto latest = Day::FromIso(date.latest());
  return Bounds{earliest.value_or(Day::BeforeAll()), latest.value_or(Day::AfterAll())}.SpanDays();
}

}  // namespace

v1::Meeting::Status PrintedStatus(const v1::Meeting& meeting, Day today) {
  if (meeting.standing() == v1::Meeting::withdrawn) return v1::Meeting::status_withdrawn;
  if (!Exists(meeting)) return v1::Meeting::status_unspecified;
  switch (meeting.outcome().value()) {
    case v1::Meeting::held:
      return v1::Meeting::status_held;
    case v1::Meeting::cancelled:
      return v1::Meeting::status_cancelled;
    case v1::Meeting::called_off:
      return v1::Meeting::status_called_off;
    default:
      break;
  }
  if (meeting.date().state() == v1::DateFact::postponed) return v1::Meeting::status_postponed;
  if (Passed(meeting.date(), today)) return v1::Meeting::status_lapsed;
  if (Scheduled(meeting)) return v1::Meeting::status_scheduled;
  if (meeting.standing() == v1::Meeting::announced) return v1::Meeting::status_announced;
  return v1::Meeting::status_reported;
}

std::vector<v1::Meeting> RivalReadings(const v1::Meeting& meeting) {
  std::vector<v1::Meeting> readings;
  for (const std::string& rival : meeting.outcome().rivals()) {
    v1::Meeting& reading = readings.emplace_back(meeting);
    v1::Meeting::Outcome outcome = v1::Meeting::open;
    v1::DateFact& date = *reading.mutable_date();
    if (rival == "postponed") {
      date.set_state(v1::DateFact::postponed);
    } else if (v1::Meeting::Outcome_Parse(rival, &outcome) &&
               date.state() == v1::DateFact::postponed) {
      date.set_state(date.fact().value().empty() ? v1::DateFact::undated : v1::DateFact::dated);
    }
    reading.mutable_outcome()->set_value(outcome);
    reading.mutable_outcome()->clear_possible_only();
  }
  return readings;
}

std::optional<Pending> WhyPending(const v1::Meeting& meeting, Day today) {
  if (!Exists(meeting)) return std::nullopt;
  if (meeting.outcome().value() == v1::Meeting::called_off) return Pending::kCalledOff;
  if (!IsOpen(meeting)) return std::nullopt;
  switch (meeting.date().state()) {
    case v1::DateFact::postponed:
      return Pending::kPostponed;
    case v1::DateFact::dated:
      if (Passed(meeting.date(), today)) return Pending::kLapsed;
      if (SpanDays(meeting.date()) >= kUndatedSpanDays) return Pending::kUndated;
      return std::nullopt;
    default:
      return Pending::kUndated;
  }
}

}  // namespace entente::domain
