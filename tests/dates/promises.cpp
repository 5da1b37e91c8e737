#include "tests/dates/promises.h"

#include <algorithm>
#include <charconv>

#include "domain/dates/reported_time.h"
#include "tests/dates/dump.h"

namespace entente::domain {
namespace {

std::string BrokenByRefusal(std::string_view text, const Error& error, Reason reason) {
  constexpr std::string_view kPrefix = "column ";
  if (error.reason != reason || error.value != text) return "reason";
  const std::string_view message = error.message;
  if (!message.starts_with(kPrefix)) return "column";
  std::size_t column = 0;
  std::from_chars(message.data() + kPrefix.size(), message.data() + message.size(), column);
  return column >= 1 && column <= text.size() + 1 ? "" : "column";
}

}  // namespace

std::string BrokenByDate(std::string_view text) {
  const auto date = UncertainDate::Parse(text);
  if (!date) return BrokenByRefusal(text, date.error(), Reason::kDateInvalid);
  const Bounds& bounds = date->bounds();
  if (bounds.earliest > bounds.latest) return "bounds";
  if (!date->padded().Contains(bounds)) return "padding";
  Bounds members{Day::AfterAll(), Day::BeforeAll()};
  for (const Bounds& member : date->alternatives()) {
    if (member.earliest > member.latest) return "members";
    members.earliest = std::min(members.earliest, member.earliest);
    members.latest = std::max(members.latest, member.latest);
  }
  if (members != bounds) return "members";
  const auto again = UncertainDate::Parse(date->text());
  if (!again || date->text() != text || Dump(*again) != Dump(*date)) return "round";
  const UncertainDate alone = UncertainDate::OneOf({*date});
  if (alone.bounds() != bounds || alone.padded() != date->padded()) return "round";
  const auto canonical = UncertainDate::Parse(alone.text());
  if (!canonical || Dump(*canonical) != Dump(alone)) return "round";
  return "";
}

std::string BrokenByReportedTime(std::string_view text) {
  constexpr int kMsPerDay = 86'400'000;
  const auto time = ReportedTime::Parse(text);
  if (!time) return BrokenByRefusal(text, time.error(), Reason::kTimeInvalid);
  if (time->text() != text) return "round";
  if (time->earliest() > time->latest()) return "bounds";
  if (time->instant_ms() && !time->time_of_day_ms()) return "clock";
  const int clock = time->time_of_day_ms().value_or(0);
  return clock >= 0 && clock <= kMsPerDay ? "" : "clock";
}

std::string BrokenByDuration(std::string_view text) {
  const auto duration = Duration::Parse(text);
  if (!duration) return BrokenByRefusal(text, duration.error(), Reason::kDurationInvalid);
  const Day day = *Day::FromIso("2021-05-05");
  const Day back = Back(day, *duration);
  return back <= day && back >= *Day::FromIso("0001-01-01") ? "" : "calendar";
}

}  // namespace entente::domain
