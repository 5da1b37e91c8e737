// What can be said of the order of two dates, checked against the days themselves: `a` is before
// `b` only if every day of `a` is before every day of `b`.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <utility>

#include "domain/dates/uncertain_date.h"
#include "tests/dates/dump.h"

namespace rc {

// Small and close together, so that bounds touch, overlap and coincide often; some are open.
template <>
struct Arbitrary<entente::domain::Bounds> {
  static Gen<entente::domain::Bounds> arbitrary() {
    return gen::map(gen::tuple(gen::inRange(0, 12), gen::inRange(0, 6), gen::inRange(0, 12)),
                    [](const std::tuple<int, int, int>& drawn) {
                      const auto [first, span, open] = drawn;
                      const auto start = *entente::Day::FromIso("2021-04-24");
                      entente::domain::Bounds bounds{start.PlusDays(first),
                                                     start.PlusDays(first + span)};
                      if (open == 0) bounds.earliest = entente::Day::BeforeAll();
                      if (open == 1) bounds.latest = entente::Day::AfterAll();
                      return bounds;
                    });
  }
};

}  // namespace rc

namespace entente::domain {

void showValue(const Bounds& bounds, std::ostream& os) { os << Dump(bounds); }

namespace {

// Days of a window that holds all finite bounds drawn, and a day beyond it on each side that
// stands for the open ends.
std::vector<Day> DaysOf(const Bounds& bounds) {
  std::vector<Day> days;
  const Day first = Day::FromIso("2021-04-24")->PlusDays(-1);
  for (int i = 0; i < 21; ++i) {
    const Day day = first.PlusDays(i);
    if (bounds.earliest <= day && day <= bounds.latest) days.push_back(day);
  }
  return days;
}

template <class Holds>
bool ForEachPair(const Bounds& a, const Bounds& b, Holds holds) {
  for (const Day x : DaysOf(a)) {
    for (const Day y : DaysOf(b)) {
      if (!holds(x, y)) return false;
    }
  }
  return true;
}

RC_GTEST_PROP(Compare, SaysOnlyWhatHoldsOfEveryDay, (const Bounds& a, const Bounds& b)) {
  const DateOrder order = Compare(a, b);
  RC_CLASSIFY(order == DateOrder::kUnknown, "unknown");
  RC_ASSERT((order == DateOrder::kBefore) == ForEachPair(a, b, [](Day x, Day y) { return x < y; }));
  RC_ASSERT((order == DateOrder::kAfter) == ForEachPair(a, b, [](Day x, Day y) { return x > y; }));
  RC_ASSERT((order == DateOrder::kSame) == ForEachPair(a, b, [](Day x, Day y) { return x == y; }));
}

RC_GTEST_PROP(Compare, TurnsRoundWithItsArguments, (const Bounds& a, const Bounds& b)) {
  const auto turned = [](DateOrder order) {
    if (order == DateOrder::kBefore) return DateOrder::kAfter;
    return order == DateOrder::kAfter ? DateOrder::kBefore : order;
  };
  RC_ASSERT(Compare(b, a) == turned(Compare(a, b)));
}

RC_GTEST_PROP(Within, IsCertainForAllDaysAndPossibleForSome,
              (const Bounds& date, const Bounds& window)) {
  const auto inside = [&](Day day) { return window.earliest <= day && day <= window.latest; };
  const auto days = DaysOf(date);
  const auto expected = std::all_of(days.begin(), days.end(), inside)   ? Containment::kCertain
                        : std::any_of(days.begin(), days.end(), inside) ? Containment::kPossible
                                                                        : Containment::kOutside;
  RC_ASSERT(Within(date, window) == expected);
}

RC_GTEST_PROP(SortKey, OrdersByEarliestThenLatestThenText, (const Bounds& a, const Bounds& b)) {
  const std::string a_text = *rc::gen::arbitrary<std::string>();
  const std::string b_text = *rc::gen::arbitrary<std::string>();
  const auto unsigned_less = [](const std::string& x, const std::string& y) {
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end(), [](char p, char q) {
      return static_cast<unsigned char>(p) < static_cast<unsigned char>(q);
    });
  };
  const auto days = [](const Bounds& bounds) { return std::pair(bounds.earliest, bounds.latest); };
  const bool expected = days(a) != days(b) ? days(a) < days(b) : unsigned_less(a_text, b_text);
  RC_ASSERT(unsigned_less(SortKey(a, a_text), SortKey(b, b_text)) == expected);
}

TEST(SortKey, IsEightBytesBigEndianThenTheText) {
  const Bounds bounds{Day::BeforeAll(), Day(std::chrono::sys_days{std::chrono::days{1}})};
  EXPECT_EQ(SortKey(bounds, "../1970-01-02"),
            std::string("\x00\x00\x00\x00\x80\x00\x00\x01../1970-01-02", 21));
}

}  // namespace
}  // namespace entente::domain
