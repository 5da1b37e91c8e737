#include "cli/render/mention_runs.h"

#include <fmt/format.h>

#include "cli/render/table.h"
#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

const char* SenseInWords(v1::MentionRun::Sense sense) {
  switch (sense) {
    case v1::MentionRun::visit:
      return "visits";
    case v1::MentionRun::talks:
      return "talks";
    case v1::MentionRun::call:
      return "calls";
    case v1::MentionRun::plan:
      return "plans to meet";
    default:
      return "mentions";
  }
}

std::string DaysInWords(const v1::MentionRun& run) {
  return domain::DateInWords(run.first() == run.last() ? run.first()
                                                       : run.first() + "/" + run.last());
}

std::string PairInWords(const Names& names, std::string_view pair) {
  const std::size_t dash = pair.find('-');
  if (dash == std::string_view::npos) return std::string(pair);
  return fmt::format("{}-{}", names.Party(pair.substr(0, dash)),
                     names.Party(pair.substr(dash + 1)));
}

}  // namespace

std::string RunInWords(const v1::MentionRun& run) {
  std::string words = fmt::format("{} on {} {}", SenseInWords(run.sense()),
                                  Counted(run.days(), "day"), DaysInWords(run));
  if (run.days() > 1) words += ", most on " + domain::DateInWords(run.most_named());
  return words +
         fmt::format(" ({} of {})", Counted(run.rows(), "row"), fmt::join(run.coders(), ", "));
}

std::string Candidates(const v1::TimelineReply& reply, const Names& names, const Style& style) {
  if (reply.candidates().empty()) return {};
  Table table({{.heading = "when", .flexible = true, .narrowest = 16},
               {.heading = "of"},
               {.heading = "coded as"},
               {.heading = "days", .right = true},
               {.heading = "most on", .flexible = true, .narrowest = 10},
               {.heading = "rows", .right = true},
               {.heading = "known as", .flexible = true, .narrowest = 16}});
  for (const v1::MentionRun& run : reply.candidates()) {
    std::string known;
    for (const std::string& id : run.meetings()) {
      known += (known.empty() ? "" : ", ") + std::string(BareId(id));
    }
    table.Row({DaysInWords(run),
               {PairInWords(names, run.pair()), Tint::kStrong},
               SenseInWords(run.sense()),
               std::to_string(run.days()),
               domain::DateInWords(run.most_named()),
               std::to_string(run.rows()),
               known.empty() ? "no meeting" : known});
  }
  return "\nMachine-coded rows, grouped: possible meetings, in no count.\n" + table.Print(style) +
         "\n";
}

}  // namespace entente::cli::render
