#include "domain/meeting/visibility.h"

#include <algorithm>

namespace entente::domain {

namespace {

RecordedTime RecordedAt(const v1::Report& report) {
  return RecordedTime(report.recorded().seconds() * 1000 + report.recorded().nanos() / 1'000'000);
}

bool InLog(const v1::Report& report, const AsOf& as_of) {
  if (as_of.position && Position(report.position()) > *as_of.position) return false;
  return !as_of.recorded || RecordedAt(report) <= *as_of.recorded;
}

}  // namespace

bool IsActOfOurs(const v1::Facts& facts) {
  switch (facts.payload_case()) {
    case v1::Facts::kMeetingsMerged:
    case v1::Facts::kMeetingSplit:
    case v1::Facts::kMeetingLinked:
    case v1::Facts::kCoverageDeclared:
      return true;
    case v1::Facts::kReportCorrected:
      return facts.report_corrected().basis() == v1::Basis::encoding;
    case v1::Facts::kReportRetracted:
      return facts.report_retracted().basis() == v1::Basis::encoding;
    default:
      return false;
  }
}

bool AsOfSpan::Holds(const AsOf& as_of) const {
  if (as_of.recorded || as_of.reported.has_value() != reported) return false;
  const Position position = as_of.position.value_or(Position::Max());
  if (position < since || (until && position >= *until)) return false;
  return !reported ||
         (said_since <= *as_of.reported && (!said_until || *as_of.reported < *said_until));
}

Visible WhatWasThere(std::span<const v1::Report* const> reports, const AsOf& as_of) {
  Visible visible;
  AsOfSpan& span = visible.span;
  span.reported = as_of.reported.has_value();
  span.said_since = ReportedDay(Day::BeforeAll());
  visible.recorded.reserve(reports.size());
  for (const v1::Report* report : reports) {
    const Position position(report->position());
    if (InLog(*report, as_of)) {
      visible.recorded.push_back(Read(*report));
      span.since = std::max(span.since, position);
    } else {
      span.until = std::min(span.until.value_or(Position::Max()), position);
    }
  }
  std::ranges::sort(visible.recorded, {}, &Said::rank);
  // An event that reached us by two of its subjects is one report.
  const auto twice = std::ranges::unique(visible.recorded, {}, &Said::rank);
  visible.recorded.erase(twice.begin(), twice.end());
  visible.said.reserve(visible.recorded.size());
  for (const Said& said : visible.recorded) {
    const bool ours = IsActOfOurs(*said.facts);
    const bool was_said = !as_of.reported || said.latest <= *as_of.reported;
    visible.said.push_back(was_said || ours);
    if (ours) continue;
    if (was_said) {
      span.said_since = std::max(span.said_since, said.latest);
    } else {
      span.said_until = std::min(span.said_until.value_or(said.latest), said.latest);
    }
  }
  return visible;
}

}  // namespace entente::domain
