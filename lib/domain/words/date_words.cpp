#include "domain/words/date_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "domain/dates/bounds.h"
#include "domain/dates/expression.h"
#include "domain/dates/reported_time.h"
#include "domain/dates/uncertain_date.h"
#include "domain/words/describe.h"
#include "domain/words/sentence.h"

namespace entente::domain {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 4> kSeasons = {"spring", "summer", "autumn", "winter"};

std::string Month(int number) { return std::string(kMonths[static_cast<std::size_t>(number - 1)]); }

// A point cut so that neighbours can share month and year: "24 or 25 April 2021".
struct Written {
  enum class Before { kOn, kIn, kNothing };  // what stands before it, said of when
  Before before = Before::kIn;
  std::string day;    // "24", or empty
  std::string month;  // "April", "summer", "the first quarter of", or empty
  std::string year;   // "2021", "the 2020s"; emptied where the next one says it
  Qualifier qualifier = Qualifier::kNone;

  std::string Plain() const {
    std::string text = day;
    for (const std::string* part : {&month, &year}) {
      if (!part->empty()) text += (text.empty() ? "" : " ") + *part;
    }
    return text;
  }
  std::string Noun() const {
    switch (qualifier) {
      case Qualifier::kUncertain:
        return "possibly " + Plain();
      case Qualifier::kApproximate:
        return "about " + Plain();
      case Qualifier::kBoth:
        return "possibly about " + Plain();
      case Qualifier::kNone:
        break;
    }
    return Plain();
  }
  std::string When() const {
    std::string preposition = before == Before::kOn ? "on " : before == Before::kIn ? "in " : "";
    if (qualifier == Qualifier::kApproximate || qualifier == Qualifier::kBoth) {
      preposition = before == Before::kOn ? "on or about " : "in or around ";
    }
    const bool possibly = qualifier == Qualifier::kUncertain || qualifier == Qualifier::kBoth;
    return (possibly ? "possibly " : "") + preposition + Plain();
  }
};

std::string YearWords(const DatePart& year) {
  if (year.unspecified == 1) return fmt::format("the {}s", year.highest / 10 * 10);
  if (year.unspecified > 1) return fmt::format("{} and {}", year.lowest, year.highest);
  return std::to_string(year.lowest);
}

Written Write(const DatePoint& point) {
  Written written;
  written.qualifier = point.qualifier;
  written.year = YearWords(point.year);
  if (point.year.unspecified > 1) {
    written.month = "between";
    written.before = Written::Before::kNothing;
  } else if (point.season >= 40) {
    written.month = fmt::format("the {} half of", OrdinalWord(point.season - 39u));
  } else if (point.season >= 33) {
    written.month = fmt::format("the {} quarter of", OrdinalWord(point.season - 32u));
  } else if (point.season != 0) {
    written.month = kSeasons[static_cast<std::size_t>(point.season - 21)];
    if (point.season == 24) {
      written.year += fmt::format("-{:02}", (point.year.lowest + 1) % 100);
    }
  } else if (point.month && point.month->unspecified == 1) {
    written.month =
        fmt::format("between {} and {}", Month(point.month->lowest), Month(point.month->highest));
    written.before = Written::Before::kNothing;
  } else if (point.month && point.month->exact()) {
    written.month = Month(point.month->lowest);
    if (point.day && point.day->exact()) {
      written.day = std::to_string(point.day->lowest);
      written.before = Written::Before::kOn;
    } else if (point.day && point.day->unspecified == 1) {
      written.day = point.day->lowest == point.day->highest
                        ? std::to_string(point.day->lowest)
                        : fmt::format("between {} and {}", point.day->lowest, point.day->highest);
      written.before = point.day->lowest == point.day->highest ? Written::Before::kOn
                                                               : Written::Before::kNothing;
    }
  }
  return written;
}

Written Write(Day day) {
  DatePoint point;
  const auto ymd = day.ymd();
  const auto part = [](int value) { return DatePart{value, value, 0}; };
  point.year = part(static_cast<int>(ymd.year()));
  point.month = part(static_cast<int>(static_cast<unsigned>(ymd.month())));
  point.day = part(static_cast<int>(static_cast<unsigned>(ymd.day())));
  return Write(point);
}

// Leaves year, and then month, to the last of them where all have the same.
void Share(std::vector<Written>& list) {
  const Written& last = list.back();
  const auto can_share = [&](const Written& w) {
    return w.qualifier == Qualifier::kNone && w.year == last.year && !w.month.empty() &&
           w.before == last.before && w.month.ends_with(" of") == last.month.ends_with(" of");
  };
  if (!std::all_of(list.begin(), list.end(), can_share)) return;
  const bool same_month = std::all_of(list.begin(), list.end(), [&](const Written& w) {
    return !w.day.empty() && w.month == last.month;
  });
  for (std::size_t i = 0; i + 1 < list.size(); ++i) {
    list[i].year.clear();
    if (same_month) list[i].month.clear();
    if (list[i].month.ends_with(" of")) list[i].month.resize(list[i].month.size() - 3);
  }
}

std::string SetWords(const std::vector<DatePoint>& points, bool when) {
  std::vector<Written> list;
  list.reserve(points.size());
  for (const DatePoint& point : points) list.push_back(Write(point));
  const bool alike = std::all_of(list.begin(), list.end(), [&](const Written& w) {
    return w.before == list.front().before && w.qualifier == Qualifier::kNone;
  });
  if (alike) Share(list);
  std::vector<std::string> items;
  items.reserve(list.size());
  for (const Written& written : list) {
    items.push_back(when && (!alike || items.empty()) ? written.When() : written.Noun());
  }
  return OrList(items);
}

enum class Unit { kDay, kMonth, kSeason, kYear };

Unit UnitOf(const DatePoint& point) {
  if (point.season != 0) return Unit::kSeason;
  switch (PrecisionOf(point)) {
    case Precision::kDay:
      return Unit::kDay;
    case Precision::kMonth:
      return Unit::kMonth;
    default:
      return Unit::kYear;
  }
}

// One end of an interval as a point: of a set, its first or last day.
struct End {
  Written written;
  Unit unit;
  Bounds bounds;
};

End EndOf(const DateSide& side, bool first) {
  const DatePoint& point = side.points.front();
  if (side.points.size() == 1 && (!point.day || point.day->unspecified != 1) &&
      (!point.month || point.month->unspecified != 1) && point.year.unspecified < 2) {
    return {Write(point), UnitOf(point), BoundsOf(point)};
  }
  Bounds hull = BoundsOf(point);
  for (const DatePoint& member : side.points) {
    const Bounds bounds = BoundsOf(member);
    hull.earliest = std::min(hull.earliest, bounds.earliest);
    hull.latest = std::max(hull.latest, bounds.latest);
  }
  return {Write(first ? hull.earliest : hull.latest), Unit::kDay, hull};
}

std::string BetweenWords(const DateSide& from, const DateSide& to) {
  const End first = EndOf(from, true);
  const End last = EndOf(to, false);
  std::vector<Written> ends = {first.written, last.written};
  const bool qualified =
      first.written.qualifier != Qualifier::kNone || last.written.qualifier != Qualifier::kNone;
  std::string head;
  std::string tail;
  if (first.unit == last.unit) {
    if (first.bounds == last.bounds && !qualified) return {};
    Share(ends);
  } else {
    if (first.unit == Unit::kYear || (first.unit != Unit::kDay && last.unit == Unit::kDay)) {
      head = "the start of ";
    }
    if (last.unit != Unit::kDay) tail = "the end of ";
    // "between 5 May and the end of 2021"; "between the start of spring and 5 May 2021"
    if (!qualified && ends[0].year == ends[1].year && !ends[0].month.empty() &&
        !ends[0].month.ends_with(" of")) {
      ends[0].year.clear();
    }
  }
  return fmt::format("between {}{} and {}{}", head, ends[0].Noun(), tail, ends[1].Noun());
}

std::string IntervalWords(const DateExpression& interval, bool when) {
  const DateSide& first = interval.first;
  const DateSide& last = *interval.last;
  const bool unknown =
      first.kind == DateSide::Kind::kUnknown || last.kind == DateSide::Kind::kUnknown;
  if (first.points.empty() && last.points.empty()) {
    return (when ? "on " : "") + std::string(unknown ? "an unknown day" : "any day");
  }
  if (first.points.empty() || last.points.empty()) {
    const Written end = EndOf(first.points.empty() ? last : first, last.points.empty()).written;
    const std::string_view way = first.points.empty() ? "earlier" : "later";
    const std::string point = when ? end.When() : end.Noun();
    return unknown ? fmt::format("{} or an unknown {} day", point, way)
                   : fmt::format("{} or {}", point, way);
  }
  std::string between = BetweenWords(first, last);
  if (!between.empty()) return between;
  const Written point = EndOf(first, true).written;
  return when ? point.When() : point.Noun();
}

std::string Words(const DateExpression& expression, bool when) {
  if (expression.last) return IntervalWords(expression, when);
  if (expression.first.kind == DateSide::Kind::kSet) {
    return SetWords(expression.first.points, when);
  }
  const Written written = Write(expression.first.points.front());
  return when ? written.When() : written.Noun();
}

// "3 to 5 February 2021", or nothing where the two are not plain days one after the other.
std::string SpanWords(std::string_view first_day, std::string_view last_day) {
  const auto first = Day::FromIso(first_day);
  const auto last = Day::FromIso(last_day);
  if (!first || !last || *last <= *first) return {};
  std::vector<Written> ends = {Write(*first), Write(*last)};
  Share(ends);
  return fmt::format("{} to {}", ends[0].Noun(), ends[1].Noun());
}

// Nothing where it is no date, or an interval that ends before it begins.
std::optional<DateExpression> Read(std::string_view edtf) {
  if (!UncertainDate::Parse(edtf)) return std::nullopt;
  return *ParseDateExpression(edtf);
}

}  // namespace

std::string DateInWords(std::string_view edtf) {
  const auto expression = Read(edtf);
  return expression ? Words(*expression, false) : OneLine(edtf);
}

std::string OnDateInWords(std::string_view edtf, std::string_view last_day) {
  const std::string span = SpanWords(edtf, last_day);
  if (!span.empty()) return "from " + span;
  const auto expression = Read(edtf);
  return expression ? Words(*expression, true) : OneLine(edtf);
}

std::string TargetDateInWords(std::string_view edtf, std::string_view last_day) {
  std::string span = SpanWords(edtf, last_day);
  if (!span.empty()) return span;
  std::string words = DateInWords(edtf);
  return words.starts_with("between ") ? "a day " + words : words;
}

bool ReadsAfterOf(std::string_view edtf) {
  const auto expression = Read(edtf);
  return expression && !expression->last && !DateInWords(edtf).starts_with("between ");
}

std::string ReportedInWords(std::string_view reported) {
  const auto time = ReportedTime::Parse(reported);
  return DateInWords(time && time->time_of_day_ms() ? reported.substr(0, 10) : reported);
}

std::string WithDatesInWords(std::string_view text) {
  static constexpr std::string_view kPartOfDate = "0123456789-X/[],.~?%";
  const auto in_id = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  std::string words;
  for (std::size_t at = 0; at < text.size();) {
    const bool digit = text[at] >= '0' && text[at] <= '9';
    std::size_t end = at;
    if ((digit || text[at] == '[') && (at == 0 || !in_id(text[at - 1]))) {
      end = std::min(text.find_first_not_of(kPartOfDate, at), text.size());
      const bool id = end < text.size() && in_id(text[end]);
      // A comma or full stop behind it belongs to the sentence.
      while (end > at && (text[end - 1] == ',' || text[end - 1] == '.')) --end;
      if (id || end - at < std::string_view("2021-04").size() ||
          !UncertainDate::Parse(text.substr(at, end - at))) {
        end = at;
      }
    }
    if (end == at) {
      words += text[at++];
    } else {
      words += DateInWords(text.substr(at, end - at));
      at = end;
    }
  }
  return OneLine(words);
}

std::string EveryInWords(std::string_view duration) {
  const auto read = Duration::Parse(duration);
  if (!read) return OneLine(duration);
  const auto every = [](std::int64_t n, std::string_view unit) {
    return n == 1 ? fmt::format("every {}", unit)
                  : fmt::format("every {} {}s", NumberWord(n), unit);
  };
  const int months = read->years * 12 + read->months;
  if (months > 0 && read->days == 0 && read->seconds == 0) {
    return months % 12 == 0 ? every(months / 12, "year") : every(months, "month");
  }
  if (months == 0 && read->seconds == 0 && read->days > 0) {
    return read->days % 7 == 0 ? every(read->days / 7, "week") : every(read->days, "day");
  }
  return "every " + OneLine(duration);
}

}  // namespace entente::domain
