#include "values/day.h"

#include <fmt/format.h>

#include <algorithm>

namespace entente {
namespace {

constexpr std::chrono::sys_days kFirst = std::chrono::year{1} / 1 / 1;
constexpr std::chrono::sys_days kLast = std::chrono::year{9999} / 12 / 31;

std::optional<int> Digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Day> Day::FromYmd(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{month},
                                        std::chrono::day{day}};
  if (year < 1 || year > 9999 || !ymd.ok()) return std::nullopt;
  return Day(std::chrono::sys_days{ymd});
}

std::optional<Day> Day::FromIso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(5, 2));
  const auto day = Digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  return FromYmd(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

std::chrono::year_month_day Day::ymd() const {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{since_epoch_}}};
}

Day Day::PlusDays(int n) const {
  if (!finite()) return *this;
  const auto sum = std::chrono::sys_days{std::chrono::days{since_epoch_}} + std::chrono::days{n};
  return Day(std::clamp(sum, kFirst, kLast));
}

Day Day::PlusMonths(int n) const {
  if (!finite()) return *this;
  const auto date = ymd();
  const auto month = std::chrono::year_month{date.year(), date.month()} + std::chrono::months{n};
  if (month.year() < std::chrono::year{1}) return Day(kFirst);
  if (month.year() > std::chrono::year{9999}) return Day(kLast);
  const std::chrono::year_month_day_last last{month.year(),
                                              std::chrono::month_day_last{month.month()}};
  return Day(std::chrono::sys_days{
      std::chrono::year_month_day{month.year(), month.month(), std::min(date.day(), last.day())}});
}

std::string Day::Iso() const {
  if (!finite()) return {};
  const auto date = ymd();
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace entente
