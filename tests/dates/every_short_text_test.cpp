// Every short text over a small alphabet, and random longer ones, keep the promises of promises.h.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "domain/dates/uncertain_date.h"
#include "tests/dates/dump.h"
#include "tests/dates/promises.h"

namespace entente::domain {
namespace {

using Alphabet = std::vector<std::string>;

// Calls `visit` with `text` and each text that up to `length` pieces of `alphabet` make of it.
template <class Visit>
void EveryText(const Alphabet& alphabet, int length, std::string& text, Visit visit) {
  visit(text);
  if (length == 0) return;
  for (const std::string& piece : alphabet) {
    const std::size_t size = text.size();
    text += piece;
    EveryText(alphabet, length - 1, text, visit);
    text.resize(size);
  }
}

// Returns how many of the texts are dates.
std::size_t ReadAll(const Alphabet& alphabet, int length) {
  std::size_t dates = 0;
  std::string text;
  EveryText(alphabet, length, text, [&](const std::string& candidate) {
    const std::string broken = BrokenByDate(candidate);
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

TEST(EveryShortText, AsReportedTime) {
  std::string text = "2021-05-05T";
  EveryText({"0", "23", "59", "60", ":", ".5", "Z", "+09:00"}, 5, text, [](const std::string& t) {
    const std::string broken = BrokenByReportedTime(t);
    if (!broken.empty()) ADD_FAILURE() << "`" << t << "` breaks " << broken;
  });
}

TEST(EveryShortText, AsDuration) {
  std::string text;
  const Alphabet alphabet = {"P", "T", "1", "99999", "Y", "M", "W", "D", "S", "-"};
  EveryText(alphabet, 5, text, [](const std::string& t) {
    const std::string broken = BrokenByDuration(t);
    if (!broken.empty()) ADD_FAILURE() << "`" << t << "` breaks " << broken;
  });
}

// Pieces of dates one after the other, with a few bytes of anything between them.
rc::Gen<std::string> LongText() {
  const auto piece = rc::gen::elementOf(
      Alphabet{"2021", "9999",   "0001", "202X", "1XXX", "-04",    "-12", "-24", "-33", "-XX",
               "-1X",  "-29",    "-31",  "/",    "..",   "[",      ",",   "]",   "~",   "?",
               "%",    "T09:30", ":15",  ".5",   "Z",    "+09:00", "P",   "6M",  "2Y",  "90D"});
  const auto any = rc::gen::arbitrary<std::string>();
  const auto part = rc::gen::weightedOneOf<std::string>({{19, piece}, {1, any}});
  return rc::gen::map(rc::gen::container<Alphabet>(part), [](const Alphabet& parts) {
    std::string text;
    for (const std::string& p : parts) text += p;
    return text;
  });
}

RC_GTEST_PROP(LongTexts, KeepEveryPromise, ()) {
  const std::string text = *LongText();
  RC_ASSERT(BrokenByDate(text) == "");
  RC_ASSERT(BrokenByReportedTime(text) == "");
  RC_ASSERT(BrokenByDuration(text) == "");
}

// A set of drawn members reads back to what OneOf made of them, whatever their order.
RC_GTEST_PROP(OneOf, IsReadBackAndForgetsOrder, ()) {
  const auto member = rc::gen::elementOf(
      Alphabet{"2021-04-24", "2021-04-25~", "2021-04", "2021-04-XX", "2021-22", "20XX",
               "[2021-04-24,2021-04-26]", "2021-05-05/2021", "2021/..", "/2020"});
  std::vector<UncertainDate> dates;
  for (const std::string& text : *rc::gen::nonEmpty(rc::gen::container<Alphabet>(member))) {
    dates.push_back(*UncertainDate::Parse(text));
  }
  const UncertainDate united = UncertainDate::OneOf(dates);
  for (const UncertainDate& date : dates) {
    RC_ASSERT(united.bounds().Contains(date.bounds()));
    RC_ASSERT(united.padded().Contains(date.padded()));
  }
  const auto again = UncertainDate::Parse(united.text());
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->bounds() == united.bounds());
  std::reverse(dates.begin(), dates.end());
  RC_ASSERT(UncertainDate::OneOf(dates).text() == united.text());
  RC_ASSERT(Dump(UncertainDate::OneOf(dates)) == Dump(united));
}

}  // namespace
}  // namespace entente::domain
