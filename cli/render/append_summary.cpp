#include "cli/render/append_summary.h"

#include <fmt/format.h>

#include "cli/render/names.h"

namespace entente::cli::render {
namespace {

std::string CountOrNone(std::uint64_t n) { return n == 0 ? "none" : std::to_string(n); }

}  // namespace

std::string Summary(const AppendSummary& summary, const Style& style) {
  const std::string history =
      summary.backfill == 0 ? "" : fmt::format(" ({} as history)", summary.backfill);
  std::string out = fmt::format("{} {}{}, {}, ", summary.appended,
                                summary.dry_run ? "would be appended" : "appended", history,
                                Counted(summary.duplicates, "duplicate"));
  out += style.Paint(summary.refused > 0 ? Tint::kBad : Tint::kPlain,
                     CountOrNone(summary.refused) + " refused");
  if (summary.not_sent > 0) {
    out += ", " + style.Paint(Tint::kBad, fmt::format("{} not sent", summary.not_sent));
  }
  out += '.';
  if (summary.head > 0) out += fmt::format(" The log stands at position {}.", summary.head);
  return out;
}

}  // namespace entente::cli::render
