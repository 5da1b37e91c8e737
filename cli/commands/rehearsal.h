// What a draft filter would have told: history read again, nothing sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "entente/v1/query.pb.h"
#include "values/day.h"
#include "values/error.h"

namespace entente::cli {

// The days on which sources spoke, both inclusive. Not the days of our log: history that was
// brought in late is what a filter is tried on.
struct RehearsalDays {
  std::optional<Day> from, to;
};

// Days are ISO days; empty: open. DATE_INVALID with the option as field.
Result<RehearsalDays> ToRehearsalDays(const std::string& from, const std::string& to);

// True if the report that caused the change was made on these days. One of uncertain time counts
// for its latest day, from which on it was known.
bool IsWithin(const v1::DescribedChange& change, const RehearsalDays& days);

}  // namespace entente::cli
