// Every short text over a small alphabet is read. Promises, each with its name in the failure:
//
//   bounds     earliest <= latest
//   padding    the padded bounds contain the strict ones
//   members    the alternatives lie inside the bounds and touch both of their ends
//   round      the text reads back to the same date, alone, as Of and as OneOf
//   column     a refusal names a column inside the text, or one behind it
#include <gtest/gtest.h>

#include <charconv>
#include <string>
#include <string_view>

#include "domain/dates/reported_time.h"
#include "tests/dates/dump.h"

namespace entente::domain {
namespace {

std::string BrokenPromise(const std::string& text, const Error& error, Reason reason) {
  constexpr std::string_view kPrefix = "column ";
  if (error.reason != reason || error.value != text) return "reason";
  if (!std::string_view(error.message).starts_with(kPrefix)) return "column";
  std::size_t column = 0;
  std::from_chars(error.message.data() + kPrefix.size(),
                  error.message.data() + error.message.size(), column);
  return column >= 1 && column <= text.size() + 1 ? "" : "column";
}

std::string BrokenPromise(const std::string& text) {
  const auto date = UncertainDate::Parse(text);
  if (!date) return BrokenPromise(text, date.error(), Reason::kDateInvalid);
  const Bounds& bounds = date->bounds();
  if (bounds.earliest > bounds.latest) return "bounds";
  if (!date->padded().Contains(bounds)) return "padding";
  Day first = Day::AfterAll();
  Day last = Day::BeforeAll();
  for (const Bounds& member : date->alternatives()) {
    if (member.earliest > member.latest) return "members";
    first = std::min(first, member.earliest);
    last = std::max(last, member.latest);
  }
  if (Bounds{first, last} != bounds) return "members";
  const auto again = UncertainDate::Parse(date->text());
  if (!again || date->text() != text || Dump(*again) != Dump(*date)) return "round";
  const UncertainDate alone = UncertainDate::OneOf({*date});
  if (alone.bounds() != bounds || alone.padded() != date->padded()) return "round";
  return "";
}

// Calls `visit` with each text of up to `length` pieces of `alphabet`; returns how many.
template <class Visit>
std::size_t EveryText(const std::vector<std::string>& alphabet, int length, std::string& text,
                      Visit visit) {
  visit(text);
  std::size_t count = 1;
  if (length == 0) return count;
  for (const std::string& piece : alphabet) {
    const std::size_t size = text.size();
    text += piece;
    count += EveryText(alphabet, length - 1, text, visit);
    text.resize(size);
  }
  return count;
}

// Returns how many of the texts are dates.
std::size_t ReadAll(const std::vector<std::string>& alphabet, int length) {
  std::size_t dates = 0;
  std::string text;
  EveryText(alphabet, length, text, [&](const std::string& candidate) {
    const std::string broken = BrokenPromise(candidate);
    if (!broken.empty()) ADD_FAILURE() << "`" << candidate << "` breaks " << broken;
    dates += UncertainDate::Parse(candidate).has_value();
  });
  return dates;
}

TEST(EveryShortText, OfSingleCharacters) {
  // Years: 340 ways to write four of the digits 0, 1, 2, 9 with X only at the end and not X
  // alone, without 0000. Each alone, with `~`, and on either side of an unknown end; then
  // `/`, `../`, `/..` and `../..`.
  EXPECT_EQ(ReadAll({"0", "1", "2", "9", "X", "-", "/", ".", "[", "]", "~", "T"}, 5),
            4u * (340 - 1) + 4);
}

TEST(EveryShortText, OfPieces) {
  // Whole parts as letters, so that short words reach deep into the grammar.
  EXPECT_GT(
      ReadAll({"2021", "0001", "20XX", "-02", "-24", "-XX", "-1X", "/", "..", "[", ",", "]", "~"},
              5),
      500u);
}

TEST(EveryShortText, EveryDayNumberOfEveryMonthNumber) {
  int days = 0;
  for (const char* year : {"1900", "2000", "2020", "2021"}) {
    for (int month = 0; month < 100; ++month) {
      for (int day = 0; day < 100; ++day) {
        const std::string text = fmt::format("{}-{:02}-{:02}", year, month, day);
        const auto date = UncertainDate::Parse(text);
        ASSERT_EQ(date.has_value(), Day::FromIso(text).has_value()) << text;
        days += date.has_value();
      }
    }
  }
  EXPECT_EQ(days, 365 + 366 + 366 + 365);
}

TEST(EveryShortText, AsReportedTimeAndDuration) {
  std::string text = "2021-05-05T";
  EveryText({"0", "23", "59", "60", ":", ".5", "Z", "+09:00"}, 5, text, [](const std::string& t) {
    const auto time = ReportedTime::Parse(t);
    if (!time) {
      EXPECT_EQ(BrokenPromise(t, time.error(), Reason::kTimeInvalid), "") << t;
      return;
    }
    ASSERT_TRUE(time->time_of_day_ms());
    EXPECT_GE(*time->time_of_day_ms(), 0) << t;
    EXPECT_LE(*time->time_of_day_ms(), 86'400'000) << t;
  });
  text = "";
  EveryText({"P", "T", "1", "99", "Y", "M", "W", "D", "S", "-"}, 5, text, [](const std::string& t) {
    const auto duration = Duration::Parse(t);
    if (!duration) {
      EXPECT_EQ(BrokenPromise(t, duration.error(), Reason::kDurationInvalid), "") << t;
    }
  });
}

}  // namespace
}  // namespace entente::domain
