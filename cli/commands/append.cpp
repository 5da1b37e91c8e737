#include <memory>
#include <optional>
#include <utility>

#include "cli/append_lines.h"
#include "cli/commands/commands.h"
#include "formats/json_lines.h"

namespace entente::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  entente append examples/two-plus-two-2021.jsonl
  entente append new.jsonl --dry-run                     check everything, store nothing
  entente append new.jsonl --expect meeting/jp-in-two-plus-two-2021-04=no_stream
  echo '{"stream":"meeting/jp-in-two-plus-two-2021-04","reported":"2021-05-05",
         "source":{"publisher":"a daily","locator":"p. 14","class":"media"},
         "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"IN"}]},
         "meeting_postponed":{"old_date":{"edtf":"2021-04-24"},"reason":"epidemic"}}' |
    tr -d '\n' | entente append -

One event a line. A line that is refused is named with its field and reason, and the others are
appended; with --atomic all or none. What was appended before is a duplicate and changes nothing, so
that a file can always be sent again. Nothing counts as appended before it is on disk.)";

}  // namespace

void AddAppend(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<AppendLinesOptions>();
  options->parse = [](std::string_view line) {
    return formats::EventFromJson(line).map(
        [](v1::NewEvent&& event) { return std::optional(std::move(event)); });
  };
  CLI::App* command = app.add_subcommand("append", "Append events, one JSON object a line");
  command->add_option("FILE", options->file, "The file, or - for standard input")->required();
  command->add_flag("--dry-run", options->dry_run, "Check everything, store nothing");
  command->add_flag("--atomic", options->atomic,
                    "All events or none, as one batch of at most 10,000");
  command->add_flag("--backfill", options->backfill, "History brought in late: it alerts nobody");
  command
      ->add_option("--expect", options->expected,
                   "What the stream must be like before: no_stream, any, or its last revision")
      ->type_name("STREAM=WHAT");
  command->add_option("--batch", options->batch, "Events sent together")
      ->check(CLI::Range(1, kBatchEventsMax))
      ->capture_default_str();
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return AppendLines(*options, session); };
  });
}

}  // namespace entente::cli
