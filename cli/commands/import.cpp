#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/append_lines.h"
#include "cli/commands/backfill.h"
#include "cli/commands/commands.h"
#include "cli/quarantine.h"
#include "cli/render/names.h"
#include "formats/json_lines.h"
#include "formats/refusal_note.h"
#include "services/settings/version.h"

namespace entente::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  entente import history.jsonl                      what is old alerts nobody, what is new does
  entente import history.jsonl --dry-run            check everything, store nothing
  entente import history.jsonl --backfill always    nothing in it is news
  entente import history.refused.jsonl              what had been refused, put right by hand
  zcat 20*.jsonl.gz | entente import - --quarantine refused.jsonl

Reads what `append` reads, one event a line. A report that was said more than 7 days before today
comes in as history: it is in every timeline and alerts nobody. That is no part of what was said, so
that the same event is a duplicate however it is sent again. An event that does not say how it came
(`origin`) is marked with this importer and its version.

A line that is refused does not stop the others and is not lost. It goes into a quarantine file, as
it was, behind a note `refused` that says why. Put it right where it stands, and import that file:
ids are kept, and what is in already is a duplicate. The file lies beside the one imported
(history.refused.jsonl, history.refused-2.jsonl ...) or, where that cannot be, in
$XDG_STATE_HOME/entente/refused. A dry run writes none.

Exit code 0 where every line is in, 1 where some were refused, although all others are in.)";

struct ImportOptions {
  std::string file, quarantine, today;
  std::string backfill = "old";
  bool dry_run = false;
};

Backfill RuleOf(const std::string& word) {
  if (word == "always") return Backfill::kAlways;
  return word == "never" ? Backfill::kNever : Backfill::kOld;
}

Result<Day> TodayIn(const std::string& text) {
  if (text.empty()) return Session::Today();
  if (const auto day = Day::FromIso(text)) return *day;
  return Fail(Reason::kDateInvalid, "--today", text, "expected one day, such as 2021-05-05");
}

Result<std::optional<v1::NewEvent>> EventToImport(std::string_view line, Backfill rule, Day today) {
  const auto bare = formats::WithoutNote(line);
  if (!bare) return Fail(bare.error());
  auto event = formats::EventFromJson(*bare);
  if (!event) return Fail(std::move(event.error()));
  event->set_backfill(IsBackfill(*event, rule, today));
  if (!event->has_origin()) {
    event->mutable_origin()->set_importer("entente import");
    event->mutable_origin()->set_version(std::string(settings::Version()));
  }
  return *std::move(event);
}

ExitCode RunImport(const ImportOptions& options, Session& session) {
  const auto today = TodayIn(options.today);
  if (!today) return session.Refuse(today.error());
  auto quarantine = Quarantine::For(options.file, options.quarantine);
  if (!quarantine) return session.Refuse(quarantine.error());

  AppendLinesOptions lines;
  lines.file = options.file;
  lines.dry_run = options.dry_run;
  lines.parse = [rule = RuleOf(options.backfill), today = *today](std::string_view line) {
    return EventToImport(line, rule, today);
  };
  if (!options.dry_run) lines.quarantine = &*quarantine;
  const ExitCode code = AppendLines(lines, session);
  if (quarantine->kept() == 0) return code;
  if (const Status synced = quarantine->Sync(); !synced) return session.Complain(synced.error());
  const std::string where = render::PathInWords(quarantine->file().string(), session.home());
  session.Warn(
      fmt::format("Refused lines are kept in {0}. Put them right there, then: "
                  "entente import {0}",
                  where));
  return code;
}

}  // namespace

void AddImport(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = app.add_subcommand("import", "Bring history in, one JSON object a line");
  command->add_option("FILE", options->file, "The file, or - for standard input")->required();
  command
      ->add_option("--backfill", options->backfill,
                   "Which reports are history, and alert nobody: old, always or never")
      ->check(CLI::IsMember({"old", "always", "never"}))
      ->type_name("WHICH")
      ->capture_default_str();
  command->add_option("--today", options->today, "The day to call today; else the clock's")
      ->type_name("DATE");
  command
      ->add_option("--quarantine", options->quarantine,
                   "The file for refused lines; added to where it is there")
      ->type_name("FILE");
  command->add_flag("--dry-run", options->dry_run, "Check everything, store nothing");
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunImport(*options, session); };
  });
}

}  // namespace entente::cli
