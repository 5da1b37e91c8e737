#include "cli/commands/rehearsal.h"

#include "domain/dates/reported_time.h"

namespace entente::cli {
namespace {

Status SetDay(const std::string& text, const char* option, std::optional<Day>* day) {
  if (text.empty()) return {};
  *day = Day::FromIso(text);
  if (*day) return {};
  return Fail(Reason::kDateInvalid, option, text,
              "a rehearsal goes from one day of reports to another, such as 2021-05-05");
}

}  // namespace

Result<RehearsalDays> ToRehearsalDays(const std::string& from, const std::string& to) {
  RehearsalDays days;
  if (Status set = SetDay(from, "--from", &days.from); !set) return Fail(std::move(set.error()));
  if (Status set = SetDay(to, "--to", &days.to); !set) return Fail(std::move(set.error()));
  return days;
}

bool IsWithin(const v1::DescribedChange& change, const RehearsalDays& days) {
  if (!days.from && !days.to) return true;
  const auto reported = domain::ReportedTime::Parse(change.reported());
  if (!reported) return false;
  const Day known = reported->latest().day();
  return (!days.from || known >= *days.from) && (!days.to || known <= *days.to);
}

}  // namespace entente::cli
