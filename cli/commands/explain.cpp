#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/render/table.h"

namespace entente::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  entente explain PARTY_UNKNOWN
  entente explain 29
  entente explain                 all of them)";

const char* RetryInWords(Retry retry) {
  switch (retry) {
    case Retry::kNever:
      return "no";
    case Retry::kLater:
      return "yes, the same request";
    case Retry::kChanged:
      return "only a changed request";
  }
  return "";
}

ExitCode ListAll(Session& session) {
  render::Table table({{.heading = "reason"},
                       {.heading = "number", .right = true},
                       {.heading = "what it means", .flexible = true, .narrowest = 30}});
  for (const CatalogueEntry& entry : kErrorCatalogue) {
    table.Row({{std::string(entry.name), render::Tint::kStrong},
               std::to_string(static_cast<unsigned>(entry.reason)),
               std::string(entry.text)});
  }
  session.Print(table.Print(session.style()));
  return ExitCode::kDone;
}

ExitCode RunExplain(std::string reason, Session& session) {
  if (reason.empty()) return ListAll(session);
  std::transform(reason.begin(), reason.end(), reason.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  });
  const CatalogueEntry* entry = FindReason(reason);
  if (entry == nullptr) {
    return session.Complain(
        Fail(Reason::kNotFound, "REASON", reason,
             "no error has this name or number; `entente explain` lists them all")
            .value());
  }
  const unsigned width = session.style().width;
  session.Print(
      fmt::format("{} ({}, {})\n{}\n\nWhat to do: {}\nCan a retry help? {}.\nExit code: {}\n",
                  session.style().Paint(render::Tint::kStrong, entry->name),
                  static_cast<unsigned>(entry->reason), entry->code_name,
                  render::Wrap(entry->text, width, ""), render::Wrap(entry->next, width, "  "),
                  RetryInWords(entry->retry), static_cast<int>(ExitCodeOf(entry->code))));
  return ExitCode::kDone;
}

}  // namespace

void AddExplain(CLI::App& app, Run* chosen) {
  auto reason = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("explain", "What an error means and what to do about it");
  command->add_option("REASON", *reason, "Name or number of the error; none: all");
  command->footer(kExamples);
  command->callback([reason, chosen] {
    *chosen = [reason](Session& session) { return RunExplain(*reason, session); };
  });
}

}  // namespace entente::cli
