#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/session.h"
#include "services/settings/version.h"

namespace entente::cli {
namespace {

constexpr const char* kAbout =
    "Entente keeps what was said about meetings between states, by whom, and when we learned it.";

constexpr const char* kExamples = R"(Examples:
  entente serve                                       start, on a data directory of your own
  entente append examples/two-plus-two-2021.jsonl     stream events in
  entente import history.jsonl                        bring history in, alerting nobody
  entente timeline --country JP                       a country's meetings
  entente stats --kind two-plus-two --country JP --by partner
  entente pending                                     what is postponed, with no new date
  entente alerts --country JP                         be told what changes
  entente explain PARTY_UNKNOWN                       what an error means

Every command has --help with examples. Topics: entente help exit-codes, dates, times, json, places.)";

void AddGlobalOptions(CLI::App& app, GlobalOptions* options) {
  const char* const group = "For every command";
  app.add_option("--data", options->data, "The data directory")
      ->type_name("DIR")
      ->envname("ENTENTE_DATA")
      ->group(group);
  app.add_option("--ingest", options->ingest, "Endpoint of ingest")
      ->type_name("ENDPOINT")
      ->envname("ENTENTE_INGEST")
      ->group(group);
  app.add_option("--projector", options->projector, "Endpoint of the projector")
      ->type_name("ENDPOINT")
      ->envname("ENTENTE_PROJECTOR")
      ->group(group);
  app.add_option("--query", options->query, "Endpoint of query")
      ->type_name("ENDPOINT")
      ->envname("ENTENTE_QUERY")
      ->group(group);
  app.add_option("--timeout", options->timeout_s, "Seconds to wait for an answer")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str()
      ->group(group);
  app.add_flag("--json", options->json, "One JSON object a line, for programs")->group(group);
  app.add_option("--colour,--color", options->colour, "auto, always or never")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str()
      ->group(group);
}

void AddCommands(CLI::App& app, Run* chosen) {
  AddServe(app, chosen);
  AddStatus(app, chosen);
  AddAppend(app, chosen);
  AddImport(app, chosen);
  AddTimeline(app, chosen);
  AddMeeting(app, chosen);
  AddSubject(app, chosen);
  AddStats(app, chosen);
  AddPending(app, chosen);
  AddChanges(app, chosen);
  AddDiff(app, chosen);
  AddAlerts(app, chosen);
  AddSubscription(app, chosen);
  AddWatchlist(app, chosen);
  AddVocabularies(app, chosen);
  AddRebuild(app, chosen);
  AddGenerations(app, chosen);
  AddParked(app, chosen);
  AddVerify(app, chosen);
  AddLog(app, chosen);
  AddExplain(app, chosen);
  AddHelp(app, chosen);
}

// What CLI11 throws, as an exit code and a sentence.
ExitCode Report(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const std::string command = chosen.empty() ? "" : " " + chosen.front()->get_name();
  if (error.get_exit_code() == 0) {  // --help, --version
    return static_cast<ExitCode>(app.exit(error));
  }
  fmt::print(stderr, "entente{}: {}\n  Try: entente{} --help\n", command, error.what(), command);
  return ExitCode::kUsage;
}

}  // namespace

ExitCode RunCommandLine(int argc, const char* const* argv) {
  GlobalOptions options;
  Run run;
  CLI::App app(kAbout, "entente");
  app.set_version_flag("--version", fmt::format("entente {}", settings::Version()));
  app.footer(kExamples);
  app.fallthrough();
  app.require_subcommand(0, 1);
  AddGlobalOptions(app, &options);
  AddCommands(app, &run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Report(app, error);
  }
  if (!run) {
    fmt::print("{}", app.help());
    return ExitCode::kDone;
  }
  try {
    auto session = Session::Make(std::move(options));
    if (!session) {
      fmt::print(stderr, "entente: {}\n", session.error().ToString());
      return ExitCode::kUsage;
    }
    return run(*session);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "entente: INTERNAL: {}\n  Please report this with the command you gave.\n",
               fault.what());
    return ExitCode::kInternal;
  }
}

}  // namespace entente::cli
