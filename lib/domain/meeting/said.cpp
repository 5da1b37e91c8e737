#include "domain/meeting/said.h"

#include <chrono>

#include "domain/dates/reported_time.h"

namespace entente::domain {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

std::string_view PublisherOf(const v1::Report& report) {
  return report.publisher().empty() ? report.source().publisher() : report.publisher();
}

}  // namespace

bool Contradict(const Said& a, const Said& b) {
  if (a.publisher.empty() || a.publisher != b.publisher) return true;
  const bool one_after_the_other =
      a.rank.timed && b.rank.timed && a.rank.moment_ms != b.rank.moment_ms;
  return !one_after_the_other && a.rank.stage == b.rank.stage;
}

std::uint8_t StageOf(v1::Facts::PayloadCase payload) {
  switch (payload) {
    case v1::Facts::kMeetingAnnounced:
      return 1;
    case v1::Facts::kMeetingScheduled:
      return 2;
    case v1::Facts::kMeetingPostponed:
      return 3;
    case v1::Facts::kMeetingRescheduled:
      return 4;
    case v1::Facts::kMeetingMoved:
      return 5;
    case v1::Facts::kMeetingCalledOff:
      return 6;
    case v1::Facts::kMeetingCancelled:
      return 7;
    case v1::Facts::kMeetingReinstated:
      return 8;
    case v1::Facts::kMeetingHeld:
      return 9;
    case v1::Facts::kMeetingNotHeld:
      return 10;
    default:
      return 0;
  }
}

Authority AuthorityOf(v1::Source::Class source_class) {
  switch (source_class) {
    case v1::Source::official:
      return Authority::kOfficial;
    case v1::Source::media:
      return Authority::kMedia;
    case v1::Source::unnamed_sources:
      return Authority::kUnnamedSources;
    case v1::Source::inferred:
      return Authority::kInferred;
    default:
      return Authority::kNone;
  }
}

std::optional<Day> RecordedBeforeItsDate(const Said& said) {
  const Day dated = said.rank.day.day();
  if (!said.report->has_recorded() || !dated.finite()) return std::nullopt;
  const std::chrono::sys_seconds at{std::chrono::seconds(said.report->recorded().seconds())};
  const Day recorded(std::chrono::floor<std::chrono::days>(at));
  if (dated <= recorded.PlusDays(1)) return std::nullopt;
  return recorded;
}

Said Read(const v1::Report& report) {
  Said said;
  said.report = &report;
  said.facts = &report.facts();
  said.publisher = PublisherOf(report);
  const auto source_class =
      report.class_() != v1::Source::unspecified ? report.class_() : report.source().class_();
  said.rank.authority = AuthorityOf(source_class);
  said.rank.stage = StageOf(report.facts().payload_case());
  said.rank.event_id = report.event_id();
  // Nearly every report carries a plain day.
  if (const auto day = Day::FromIso(report.reported())) {
    said.rank.day = said.latest = ReportedDay(*day);
    return said;
  }
  said.rank.day = ReportedDay(Day::BeforeAll());
  said.latest = ReportedDay(Day::AfterAll());
  if (const auto time = ReportedTime::Parse(report.reported())) {
    said.rank.day = time->earliest();
    said.latest = time->latest();
    if (const auto of_day = time->time_of_day_ms()) {
      said.rank.timed = true;
      // A time without offset is placed as if printed in UTC, so that the order stays total.
      said.rank.moment_ms =
          time->instant_ms().value_or(said.rank.day.day().since_epoch() * kDayMs + *of_day);
    }
  }
  return said;
}

}  // namespace entente::domain
