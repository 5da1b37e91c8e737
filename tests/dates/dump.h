// The whole of a parsed date on one line, for tables of expectations:
//
//     day 2021-04-24
//     interval 2021-05-05..2021-12-31
//     day 2021-04-24 padded 2021-04-17..2021-05-01
//     set 2021-04-24..2021-04-26 of 2021-04-24, 2021-04-26
//     interval 2021-05-05..inf unknown end
//     DATE_INVALID column 6: …                     of a refusal
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "domain/dates/reported_time.h"
#include "domain/dates/uncertain_date.h"

namespace entente::domain {

inline std::string Dump(const Error& error) {
  return fmt::format("{} {}", Describe(error.reason).name, error.message);
}

inline std::string Dump(const Bounds& bounds) {
  const std::string earliest = bounds.earliest.finite() ? bounds.earliest.Iso() : "-inf";
  const std::string latest = bounds.latest.finite() ? bounds.latest.Iso() : "inf";
  return bounds.earliest == bounds.latest ? earliest : earliest + ".." + latest;
}

inline std::string Dump(const UncertainDate& date) {
  constexpr const char* kPrecisions[] = {"day",        "month",    "season", "quarter",
                                         "semester",   "year",     "decade", "century",
                                         "millennium", "interval", "set"};
  std::string dump =
      fmt::format("{} {}", kPrecisions[static_cast<int>(date.precision())], Dump(date.bounds()));
  if (date.padded() != date.bounds()) dump += " padded " + Dump(date.padded());
  if (date.qualified() && date.padded() == date.bounds()) dump += " qualified";
  if (date.unknown_end()) dump += " unknown end";
  if (date.alternatives().size() != 1 || date.alternatives().front() != date.bounds()) {
    std::vector<std::string> members;
    for (const Bounds& member : date.alternatives()) members.push_back(Dump(member));
    dump += fmt::format(" of {}", fmt::join(members, ", "));
  }
  return dump;
}

template <class T>
std::string Dump(const Result<T>& result) {
  return result ? Dump(*result) : Dump(result.error());
}

}  // namespace entente::domain
