#include "domain/dates/reported_time.h"

#include <fmt/format.h>

#include <utility>

namespace entente::domain {
namespace {

constexpr std::int32_t kMsPerMinute = 60'000;
constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::size_t kDateLength = 10;  // YYYY-MM-DD

struct Clock {
  std::int32_t time_of_day_ms = 0;
  std::optional<std::int32_t> offset_minutes;
};

// Reads what follows the date of an RFC 3339 date-time (section 5.6): T, hours and minutes,
// perhaps seconds with a fraction, perhaps an offset.
class ClockReader {
 public:
  explicit ClockReader(std::string_view text) : text_(text), at_(kDateLength + 1) {}

  Result<Clock> Read() {
    Clock clock;
    const auto hours = TwoDigits("hours", 23);
    if (!hours) return tl::unexpected(hours.error());
    if (!Take(':')) return Fault("minutes follow the hours after `:`");
    const auto minutes = TwoDigits("minutes", 59);
    if (!minutes) return tl::unexpected(minutes.error());
    clock.time_of_day_ms = (*hours * 60 + *minutes) * kMsPerMinute;
    bool leap_second = false;
    if (Take(':')) {
      const auto seconds = TwoDigits("seconds", 60);
      if (!seconds) return tl::unexpected(seconds.error());
      leap_second = *seconds == 60;
      clock.time_of_day_ms += *seconds * 1000;
      const auto fraction = Fraction();
      if (!fraction) return tl::unexpected(fraction.error());
      clock.time_of_day_ms += leap_second ? 0 : *fraction;
    }
    if (auto offset = Offset(clock); !offset) return tl::unexpected(offset.error());
    if (at_ != text_.size()) return Fault("nothing can follow here");
    if (leap_second && !EndsUtcDay(clock)) {
      at_ = 17;
      return Fault("a 60th second exists only at 23:59 UTC");
    }
    return clock;
  }

 private:
  Result<int> TwoDigits(std::string_view what, int highest) {
    int value = 0;
    for (int i = 0; i < 2; ++i) {
      if (!AtDigit()) return Fault(fmt::format("{} have two digits", what));
      value = value * 10 + (text_[at_++] - '0');
    }
    if (value <= highest) return value;
    at_ -= 2;
    return Fault(fmt::format("{} run from 00 to {}", what, highest == 60 ? 59 : highest));
  }

  // To the millisecond; what is finer is cut off.
  Result<int> Fraction() {
    if (!Take('.')) return 0;
    if (!AtDigit()) return Fault("digits follow the `.`");
    int ms = 0;
    for (int weight = 100; AtDigit(); weight /= 10) ms += weight * (text_[at_++] - '0');
    return ms;
  }

  Status Offset(Clock& clock) {
    if (Take('Z') || Take('z')) {
      clock.offset_minutes = 0;
    } else if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) {
      const int sign = text_[at_++] == '+' ? 1 : -1;
      const auto hours = TwoDigits("the offset's hours", 23);
      if (!hours) return tl::unexpected(hours.error());
      if (!Take(':')) return Fault("the offset's minutes follow after `:`");
      const auto minutes = TwoDigits("the offset's minutes", 59);
      if (!minutes) return tl::unexpected(minutes.error());
      clock.offset_minutes = sign * (*hours * 60 + *minutes);
    }
    return {};
  }

  // Whether the clock stands where UTC's next day begins, as only a leap second's may.
  static bool EndsUtcDay(const Clock& clock) {
    return clock.offset_minutes &&
           (clock.time_of_day_ms - *clock.offset_minutes * kMsPerMinute) % kMsPerDay == 0;
  }

  bool AtDigit() const { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }
  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  tl::unexpected<Error> Fault(std::string_view what) const {
    return Fail(Reason::kTimeInvalid, {}, std::string(text_),
                fmt::format("column {}: {}", at_ + 1, what));
  }

  std::string_view text_;
  std::size_t at_;
};

bool HasTimeOfDay(std::string_view text) {
  return text.size() > kDateLength && (text[kDateLength] == 'T' || text[kDateLength] == 't');
}

}  // namespace

Result<ReportedTime> ReportedTime::Parse(std::string_view text) {
  const bool timed = HasTimeOfDay(text);
  const auto date = UncertainDate::Parse(timed ? text.substr(0, kDateLength) : text);
  if (!date) {
    Error error = date.error();
    error.reason = Reason::kTimeInvalid;
    error.value = text;
    return Fail(std::move(error));
  }
  ReportedTime time;
  time.text_ = text;
  time.earliest_ = ReportedDay(date->bounds().earliest);
  time.latest_ = ReportedDay(date->bounds().latest);
  if (!timed) return time;
  if (!date->IsSingleDay()) {
    return Fail(Reason::kTimeInvalid, {}, std::string(text),
                "column 11: a time of day needs one day before it");
  }
  const auto clock = ClockReader(text).Read();
  if (!clock) return tl::unexpected(clock.error());
  time.time_of_day_ms_ = clock->time_of_day_ms;
  if (clock->offset_minutes) {
    time.instant_ms_ = std::int64_t{date->bounds().earliest.since_epoch()} * kMsPerDay +
                       clock->time_of_day_ms - std::int64_t{*clock->offset_minutes} * kMsPerMinute;
  }
  return time;
}

}  // namespace entente::domain
