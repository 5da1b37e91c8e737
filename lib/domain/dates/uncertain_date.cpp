#include "domain/dates/uncertain_date.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "domain/dates/bounds.h"
#include "domain/dates/expression.h"

namespace entente::domain {
namespace {

// The bounds of one side of an interval, of a set, or of a point alone.
struct SideBounds {
  Bounds strict;
  Bounds padded;
};

Bounds Hull(const Bounds& a, const Bounds& b) {
  return {std::min(a.earliest, b.earliest), std::max(a.latest, b.latest)};
}

SideBounds BoundsOfSide(const DateSide& side) {
  if (side.points.empty()) {
    const Bounds all{Day::BeforeAll(), Day::AfterAll()};
    return {all, all};
  }
  SideBounds bounds{BoundsOf(side.points.front()), PaddedBoundsOf(side.points.front())};
  for (const DatePoint& point : side.points) {
    bounds.strict = Hull(bounds.strict, BoundsOf(point));
    bounds.padded = Hull(bounds.padded, PaddedBoundsOf(point));
  }
  return bounds;
}

bool AnyQualified(const DateSide& side) {
  return std::any_of(side.points.begin(), side.points.end(),
                     [](const DatePoint& p) { return p.qualifier != Qualifier::kNone; });
}

// The members of a set as they were written; one that is no set is its own only member.
std::vector<std::string> MemberTexts(const UncertainDate& date) {
  std::string_view text = date.text();
  if (date.precision() != Precision::kSet) return {std::string(text)};
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> members;
  while (true) {
    const auto comma = text.find(',');
    members.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return members;
    text.remove_prefix(comma + 1);
  }
}

std::string EndText(Day day, bool unknown) {
  if (day.finite()) return day.Iso();
  return unknown ? "" : "..";
}

}  // namespace

Result<UncertainDate> UncertainDate::Parse(std::string_view edtf) {
  // Nearly every date is a plain day, and nothing need be read of it twice.
  if (const auto day = Day::FromIso(edtf)) return Of(*day);
  const auto expression = ParseDateExpression(edtf);
  if (!expression) return tl::unexpected(expression.error());
  UncertainDate date;
  date.text_ = edtf;

  const SideBounds first = BoundsOfSide(expression->first);
  date.bounds_ = first.strict;
  date.padded_ = first.padded;
  date.qualified_ = AnyQualified(expression->first);
  if (!expression->last) {
    const bool set = expression->first.kind == DateSide::Kind::kSet;
    date.precision_ = set ? Precision::kSet : PrecisionOf(expression->first.points.front());
    for (const DatePoint& point : expression->first.points) {
      date.alternatives_.push_back(BoundsOf(point));
    }
    return date;
  }

  const SideBounds last = BoundsOfSide(*expression->last);
  if (first.strict.earliest > last.strict.latest) {
    return Fail(Reason::kDateInvalid, {}, std::string(edtf),
                fmt::format("column {}: the interval ends before it begins", edtf.find('/') + 2));
  }
  date.bounds_.latest = last.strict.latest;
  date.padded_.latest = last.padded.latest;
  date.qualified_ = date.qualified_ || AnyQualified(*expression->last);
  date.unknown_end_ = expression->first.kind == DateSide::Kind::kUnknown ||
                      expression->last->kind == DateSide::Kind::kUnknown;
  date.precision_ = Precision::kInterval;
  date.alternatives_ = {date.bounds_};
  return date;
}

UncertainDate UncertainDate::Of(Day day) {
  UncertainDate date;
  date.text_ = day.Iso();
  date.bounds_ = date.padded_ = {day, day};
  date.alternatives_ = {date.bounds_};
  return date;
}

UncertainDate UncertainDate::OneOf(const std::vector<UncertainDate>& members) {
  if (members.empty()) return UncertainDate();
  Bounds bounds = members.front().bounds_;
  Bounds padded = members.front().padded_;
  std::vector<Bounds> alternatives;
  std::vector<std::pair<std::string, std::string>> keyed;  // sort key and text of each member
  bool intervals = false;
  bool qualified = false;
  bool unknown_end = false;
  for (const UncertainDate& member : members) {
    bounds = Hull(bounds, member.bounds_);
    padded = Hull(padded, member.padded_);
    intervals |= member.precision_ == Precision::kInterval;
    qualified |= member.qualified_;
    unknown_end |= member.unknown_end_;
    alternatives.insert(alternatives.end(), member.alternatives_.begin(),
                        member.alternatives_.end());
    for (std::string& text : MemberTexts(member)) {
      const Bounds own =
          member.precision_ == Precision::kSet ? Parse(text)->bounds_ : member.bounds_;
      keyed.emplace_back(SortKey(own, text), std::move(text));
    }
  }
  std::sort(keyed.begin(), keyed.end());
  keyed.erase(std::unique(keyed.begin(), keyed.end()), keyed.end());
  if (keyed.size() == 1) return *Parse(keyed.front().second);

  if (!intervals) {
    std::string text;
    for (const auto& [key, member] : keyed) text += (text.empty() ? "[" : ",") + member;
    return *Parse(text + "]");
  }
  // A set cannot hold an interval: the text says only from when to when, the rest is kept beside.
  UncertainDate united =
      *Parse(EndText(bounds.earliest, unknown_end) + "/" + EndText(bounds.latest, unknown_end));
  std::sort(alternatives.begin(), alternatives.end(), [](const Bounds& a, const Bounds& b) {
    return std::pair(a.earliest, a.latest) < std::pair(b.earliest, b.latest);
  });
  alternatives.erase(std::unique(alternatives.begin(), alternatives.end()), alternatives.end());
  united.alternatives_ = std::move(alternatives);
  united.padded_ = padded;
  united.qualified_ = qualified;
  return united;
}

bool UncertainDate::FinerThanMonth() const {
  constexpr int kShortestMonthSpan = 27;  // 1 to 28 February
  return bounds_.SpanDays() < kShortestMonthSpan;
}

}  // namespace entente::domain
