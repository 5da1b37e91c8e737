#include "cli/render/stats.h"

#include <fmt/format.h>

#include <string_view>

#include "cli/render/claim.h"
#include "cli/render/horizon.h"
#include "cli/render/table.h"
#include "domain/words/describe.h"
#include "values/day.h"

namespace entente::cli::render {
namespace {

constexpr std::string_view kWhatCounts =
    "Certain and possible count meetings that were held; planned ones never count as held.";

std::string KeyInWords(v1::StatsRequest::By by, const v1::Count& count, const Names& names) {
  if (by == v1::StatsRequest::partner) return names.Party(count.key());
  if (by == v1::StatsRequest::year && count.unfinished()) return count.key() + " (not over)";
  return count.key();
}

// From the first possible day to the last: a day, a month or a year where it is just that.
std::string SpanInWords(const v1::Count& count) {
  const auto first = Day::FromIso(count.first());
  const auto last = Day::FromIso(count.last());
  if (!first || !last) return count.first();
  if (*first == *last) return domain::DateInWords(count.first());
  if (count.first().ends_with("-01") && last->PlusDays(1) == first->PlusMonths(1)) {
    return domain::DateInWords(count.first().substr(0, 7));
  }
  if (count.first().ends_with("-01-01") && last->PlusDays(1) == first->PlusMonths(12)) {
    return count.first().substr(0, 4);
  }
  return fmt::format("{} to {}", domain::DateInWords(count.first()),
                     domain::DateInWords(count.last()));
}

std::string CitedBy(const v1::ClaimFact& claim, const v1::Count& count) {
  for (const std::uint32_t index : claim.said_by()) {
    if (index < static_cast<std::uint32_t>(count.reports_size())) {
      return SourceOf(&count.reports(static_cast<int>(index)));
    }
  }
  return "";
}

}  // namespace

std::string Stats(const v1::StatsRequest& asked, const v1::StatsReply& reply, const Names& names,
                  const Style& style) {
  const std::string by = v1::StatsRequest::By_Name(asked.by());
  const bool ranked = asked.by() == v1::StatsRequest::partner;
  std::vector<Column> columns = {{.heading = by, .flexible = true, .narrowest = 10},
                                 {.heading = "certain", .right = true},
                                 {.heading = "possible", .right = true},
                                 {.heading = "planned", .right = true},
                                 {.heading = "pending", .right = true},
                                 {.heading = "when", .flexible = true, .narrowest = 10}};
  if (ranked) columns.push_back({.heading = "rank", .right = true});
  Table table(std::move(columns));
  for (const v1::Count& count : reply.counts()) {
    std::vector<Cell> cells = {{KeyInWords(asked.by(), count, names), Tint::kStrong},
                               std::to_string(count.certain()),
                               std::to_string(count.possible()),
                               CertainToPossible(count.certainly_planned(), count.planned()),
                               CertainToPossible(count.certainly_pending(), count.pending()),
                               SpanInWords(count)};
    if (ranked) {
      cells.emplace_back(count.rank() == 0 || count.certain() == 0
                             ? ""
                             : fmt::format("{}{}", count.rank(), count.tied() ? "=" : ""));
    }
    table.Row(std::move(cells));
    if (count.first_in_log() && count.certain() > 0) table.Note("  first in our log", 0);
    for (const v1::ClaimFact& claim : count.claims()) {
      const std::string source = CitedBy(claim, count);
      table.Note(fmt::format("  claimed: {}{}. {}", ClaimInWords(claim, names),
                             source.empty() ? "" : " (" + source + ")", VerdictInWords(claim)),
                 0);
    }
  }
  std::string out = table.Print(style);
  if (out.empty()) {
    out = "Nothing to count.\n";
  } else if (asked.by() != v1::StatsRequest::status) {
    out += "\n" + Wrap(kWhatCounts, style.width, "") + "\n";
  }
  return out + Horizon(reply.answered(), asked.context(), style);
}

}  // namespace entente::cli::render
