#include "cli/commands/backfill.h"

#include <string>

#include "domain/dates/reported_time.h"

namespace entente::cli {

bool IsBackfill(const v1::NewEvent& event, Backfill rule, Day today) {
  if (rule != Backfill::kOld) return rule == Backfill::kAlways;
  if (event.backfill()) return true;
  const std::string& said =
      event.reported().empty() ? event.source().published() : event.reported();
  const auto time = domain::ReportedTime::Parse(said);
  return time && time->latest().day() < today.PlusDays(-kNewsDays);
}

}  // namespace entente::cli
