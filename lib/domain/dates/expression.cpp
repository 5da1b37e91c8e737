#include "domain/dates/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace entente::domain {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int LastDayOf(int year, int month) {
  const std::chrono::year_month_day_last last{
      std::chrono::year{year},
      std::chrono::month_day_last{std::chrono::month{static_cast<unsigned>(month)}}};
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

bool IsSeason(int number) {
  return (number >= 21 && number <= 24) || (number >= 33 && number <= 36) || number == 40 ||
         number == 41;
}

// Reads from left to right and stops at the first fault, which it reports where it stands.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<DateExpression> Expression() {
    if (text_.empty()) return Fault(0, "empty; leave the date out when none is known");
    DateExpression expression;
    auto first = Side();
    if (!first) return tl::unexpected(first.error());
    expression.first = *std::move(first);
    if (Take('/')) {
      auto last = Side();
      if (!last) return tl::unexpected(last.error());
      expression.last = *std::move(last);
    } else if (expression.first.points.empty()) {
      return Fault(0, "`..` stands only beside a `/`");
    }
    if (at_ < text_.size()) return Fault(at_, Stray());
    return expression;
  }

 private:
  Result<DateSide> Side() {
    DateSide side;
    if (Take("..")) {
      side.kind = DateSide::Kind::kOpen;
    } else if (at_ == text_.size() || Peek() == '/') {
      side.kind = DateSide::Kind::kUnknown;
    } else if (Take('[')) {
      side.kind = DateSide::Kind::kSet;
      do {
        if (Peek() == '.') return Fault(at_, "a set lists its members; `..` has no place in it");
        auto point = Point();
        if (!point) return tl::unexpected(point.error());
        side.points.push_back(*std::move(point));
      } while (Take(','));
      if (Peek() == '.') return Fault(at_, "a set lists its members; `..` has no place in it");
      if (!Take(']')) return Fault(at_, "a set goes on with `,` or ends with `]`");
    } else {
      auto point = Point();
      if (!point) return tl::unexpected(point.error());
      side.points.push_back(*std::move(point));
    }
    return side;
  }

  Result<DatePoint> Point() {
    DatePoint point;
    if (Peek() == '-' || Peek() == '+' || Peek() == 'Y') {
      return Fault(at_, "years run from 0001 to 9999, without a sign or Y");
    }
    auto year = Part("year", 4);
    if (!year) return tl::unexpected(year.error());
    point.year = *year;
    if (point.year.highest == 0) return Fault(at_ - 4, "years run from 0001 to 9999");
    if (point.year.unspecified == 4) {
      return Fault(at_ - 4, "a year of X only says nothing; leave the date out");
    }
    if (point.year.lowest == 0) point.year.lowest = 1;
    if (Take('-')) {
      auto month = Month(point);
      if (!month) return tl::unexpected(month.error());
    }
    if (point.season != 0) {
      if (AtQualifier()) return Fault(at_, "a season is imprecise already and takes no qualifier");
      return point;
    }
    if (Take('~'))
      point.qualifier = Qualifier::kApproximate;
    else if (Take('?'))
      point.qualifier = Qualifier::kUncertain;
    else if (Take('%'))
      point.qualifier = Qualifier::kBoth;
    return point;
  }

  // The month with its day, or the season, that follow `YYYY-`.
  Status Month(DatePoint& point) {
    const std::size_t begin = at_;
    auto month = Part("month", 2);
    if (!month) return tl::unexpected(month.error());
    if (!point.year.exact() && month->unspecified != 2) {
      return Fault(begin, "after a year with X the month can only be XX");
    }
    if (month->exact() && IsSeason(month->lowest)) {
      point.season = month->lowest;
      if (Peek() == '-') return Fault(at_, "a season has no days");
      return {};
    }
    if (month->lowest > 12 || month->highest == 0) {
      return Fault(begin, fmt::format("no month, season (21-24), quarter (33-36) or half (40-41) "
                                      "has the number {}",
                                      text_.substr(begin, 2)));
    }
    month->lowest = std::max(month->lowest, 1);
    month->highest = std::min(month->highest, 12);
    point.month = *month;
    if (Take('-')) return Day(point);
    return {};
  }

  Status Day(DatePoint& point) {
    const std::size_t begin = at_;
    auto day = Part("day", 2);
    if (!day) return tl::unexpected(day.error());
    if (!point.month->exact() && day->unspecified != 2) {
      return Fault(begin, "after a month with X the day can only be XX");
    }
    const int last = LastDayOf(point.year.highest, point.month->highest);
    if (day->lowest > last || day->highest == 0) {
      return Fault(begin, day->highest == 0
                              ? std::string("no month has a day 00")
                              : fmt::format("{} has {} days", text_.substr(begin - 8, 7), last));
    }
    day->lowest = std::max(day->lowest, 1);
    day->highest = std::min(day->highest, last);
    point.day = *day;
    return {};
  }

  Result<DatePart> Part(std::string_view name, std::size_t width) {
    DatePart part;
    for (std::size_t i = 0; i < width; ++i) {
      const char c = Peek();
      if (c == 'X') {
        ++part.unspecified;
      } else if (IsDigit(c)) {
        if (part.unspecified > 0) return Fault(at_, "no digit can follow an X");
      } else if (c == 'x') {
        return Fault(at_, "an unspecified digit is a capital X");
      } else {
        return Fault(at_, fmt::format("a {} has {} digits", name, width == 4 ? "four" : "two"));
      }
      part.lowest = part.lowest * 10 + (c == 'X' ? 0 : c - '0');
      part.highest = part.highest * 10 + (c == 'X' ? 9 : c - '0');
      ++at_;
    }
    return part;
  }

  // What to say of a character that nothing can begin or go on with.
  std::string Stray() const {
    const char c = Peek();
    if (c == 'T' || c == 't') return "a date has no time of day";
    if (c == '{') return "sets of which all members hold are not supported; write separate events";
    if (AtQualifier()) return "one qualifier, and only after a year, month or day";
    if (c == ' ') return "no spaces";
    if (IsDigit(c)) return "too many digits";
    if (c > ' ' && c < '\x7f') return fmt::format("unexpected `{}`", c);
    return "unexpected character";
  }

  bool AtQualifier() const { return Peek() == '~' || Peek() == '?' || Peek() == '%'; }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  tl::unexpected<Error> Fault(std::size_t at, std::string_view what) const {
    return Fail(Reason::kDateInvalid, {}, std::string(text_),
                fmt::format("column {}: {}", at + 1, what));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<DateExpression> ParseDateExpression(std::string_view text) {
  return Reader(text).Expression();
}

}  // namespace entente::domain
