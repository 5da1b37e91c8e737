#include "cli/render/horizon.h"

#include <fmt/format.h>

#include "cli/render/names.h"
#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

std::string ReportsInWords(const v1::Horizon& horizon) {
  if (horizon.reports_from().empty()) return "no reports";
  const std::string from = domain::DateInWords(horizon.reports_from());
  const std::string to = domain::DateInWords(horizon.reports_to());
  const std::string count = Counted(horizon.reports(), "report");
  return from == to ? fmt::format("{}, all of {}", count, from)
                    : fmt::format("{} from {} to {}", count, from, to);
}

std::string AsOfInWords(const v1::AsOf& as_of) {
  std::string words;
  if (!as_of.reported().empty()) {
    words += "; asked as of " + domain::DateInWords(as_of.reported());
  }
  if (!as_of.recorded().empty()) words += "; as recorded by " + as_of.recorded();
  if (as_of.position() != 0) words += fmt::format("; as of position {}", as_of.position());
  return words;
}

}  // namespace

std::string Horizon(const v1::Answered& answered, const v1::QueryContext& asked,
                    const Style& style) {
  const v1::Horizon& horizon = answered.horizon();
  std::string line = "Horizon: " + ReportsInWords(horizon) + AsOfInWords(asked.as_of());
  if (!horizon.first_meeting().empty()) {
    line += "; first meeting " + domain::DateInWords(horizon.first_meeting());
  }
  if (horizon.year_unfinished()) {
    line += fmt::format("; {} is not over", asked.today().substr(0, 4));
  }
  if (asked.as_of().reported() != asked.today()) {
    line += "; today is " + domain::DateInWords(asked.today());
  }
  line += fmt::format("; position {}.", answered.position());
  return style.Paint(Tint::kFaint, Wrap(line, style.width, "  ")) + "\n";
}

}  // namespace entente::cli::render
