#include "domain/dates/duration.h"

#include <fmt/format.h>

#include <string>

namespace entente::domain {
namespace {

// What follows P and what follows T, each in the order ISO 8601 asks for.
constexpr std::string_view kDateUnits = "YMD";
constexpr std::string_view kTimeUnits = "HMS";
constexpr int kMonthsMax = 9999 * 12;
constexpr int kDaysMax = 9999 * 366;
constexpr std::int64_t kSecondsMax = std::int64_t{kDaysMax} * 86'400;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Duration> Read() {
    if (!Take('P')) return Fault(at_, "a duration begins with P");
    Duration duration;
    if (text_.ends_with('W')) {
      const auto weeks = Number();
      if (!weeks) return tl::unexpected(weeks.error());
      if (!Take('W')) return Fault(at_, "weeks stand alone");
      if (*weeks > kDaysMax / 7) return Fault(1, "longer than 9999 years");
      duration.days = static_cast<int>(*weeks * 7);
      return duration;
    }
    std::int64_t date[3] = {0, 0, 0};
    std::int64_t time[3] = {0, 0, 0};
    if (auto read = Parts(kDateUnits, date); !read) return tl::unexpected(read.error());
    if (Take('T')) {
      const std::size_t begin = at_;
      if (auto read = Parts(kTimeUnits, time); !read) return tl::unexpected(read.error());
      if (at_ == begin) return Fault(at_, "after T come hours, minutes or seconds");
    }
    if (at_ == 1) return Fault(at_, "a duration has at least one part, such as 2Y");
    const std::int64_t seconds = time[0] * 3600 + time[1] * 60 + time[2];
    if (date[0] * 12 + date[1] > kMonthsMax || date[2] > kDaysMax || seconds > kSecondsMax) {
      return Fault(1, "longer than 9999 years");
    }
    duration.years = static_cast<int>(date[0]);
    duration.months = static_cast<int>(date[1]);
    duration.days = static_cast<int>(date[2]);
    duration.seconds = seconds;
    return duration;
  }

 private:
  // Numbers, each with one of `units`, until the end or a T.
  Status Parts(std::string_view units, std::int64_t (&values)[3]) {
    std::size_t next = 0;
    while (at_ < text_.size() && text_[at_] != 'T') {
      const auto number = Number();
      if (!number) return tl::unexpected(number.error());
      const std::size_t unit = at_ < text_.size() ? units.find(text_[at_]) : units.npos;
      if (unit == units.npos) {
        return Fault(at_, fmt::format("after the number comes one of {}", units));
      }
      if (unit < next) return Fault(at_, fmt::format("parts come once and in the order {}", units));
      values[unit] = *number;
      next = unit + 1;
      ++at_;
    }
    return {};
  }

  Result<std::int64_t> Number() {
    constexpr std::size_t kDigitsMax = 12;  // keeps every sum above inside 64 bits
    const std::size_t begin = at_;
    std::int64_t value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      if (at_ - begin == kDigitsMax) return Fault(begin, "longer than 9999 years");
      value = value * 10 + (text_[at_++] - '0');
    }
    if (at_ == begin) return Fault(at_, "a whole number of digits goes here");
    return value;
  }

  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  tl::unexpected<Error> Fault(std::size_t at, std::string_view what) const {
    return Fail(Reason::kDurationInvalid, {}, std::string(text_),
                fmt::format("column {}: {}", at + 1, what));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Duration> Duration::Parse(std::string_view text) { return Reader(text).Read(); }

Day Back(Day day, const Duration& duration) {
  return day.PlusMonths(-(duration.years * 12 + duration.months)).PlusDays(-duration.days);
}

}  // namespace entente::domain
