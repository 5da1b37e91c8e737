#include "cli/render/changes.h"

#include <fmt/format.h>

#include "cli/render/horizon.h"
#include "cli/render/names.h"
#include "cli/render/table.h"

namespace entente::cli::render {

std::string Changes(const v1::ChangesRequest& asked, const v1::ChangesReply& reply,
                    const Style& style) {
  Table table({{.heading = "position", .right = true},
               {.heading = "what changed", .flexible = true, .narrowest = 30}});
  for (const v1::DescribedChange& change : reply.changes()) {
    table.Row({std::to_string(change.change().position()), change.text()});
    table.Note(fmt::format("{} · recorded {}", BareId(change.change().subject()),
                           RecordedInWords(change.recorded())),
               1);
  }
  std::string out = table.Print(style);
  out += out.empty()
             ? "Nothing changed.\n"
             : fmt::format("\n{}. Next time: --since {}\n",
                           Counted(static_cast<std::uint64_t>(reply.changes_size()), "change"),
                           reply.covered_to());
  if (!reply.next_page_token().empty()) out += "There are more; ask for more with --limit.\n";
  return out + Horizon(reply.answered(), asked.context(), style);
}

std::string Alert(const v1::DescribedChange& change, const Style& style) {
  std::string why;
  for (const std::string& term : change.matched()) why += (why.empty() ? "" : ", ") + term;
  const std::string below = fmt::format(
      "{} · position {}{} · recorded {}", BareId(change.change().subject()),
      change.change().position(),
      change.change().ordinal() == 0 ? "" : fmt::format(".{}", change.change().ordinal()),
      RecordedInWords(change.recorded()));
  return style.Paint(Tint::kWaiting, "● ") +
         Wrap(Printable(change.text()), style.width > 4 ? style.width - 2 : 0, "  ") + "\n  " +
         style.Paint(Tint::kFaint, Printable(why.empty() ? below : below + " · " + why)) + "\n\n";
}

}  // namespace entente::cli::render
