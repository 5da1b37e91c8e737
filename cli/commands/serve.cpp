#include "services/serve/serve.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <tuple>

#include "cli/commands/commands.h"
#include "cli/render/table.h"
#include "services/settings/data_directory.h"
#include "services/settings/flags.h"
#include "services/settings/journal.h"
#include "services/settings/stop_signals.h"

namespace entente::cli {
namespace {

// The flags are those of the three services, so that one file of settings serves all.
struct ServeOptions {
  explicit ServeOptions(CLI::App& serve)
      : command(serve), flags(serve, {"ingest", "projector", "query"}) {}
  CLI::App& command;
  settings::Flags flags;
  bool ephemeral = false;
  std::string marker;
};

constexpr const char* kExamples = R"(Examples:
  entente serve                             on the default data directory
  entente serve --data /var/lib/entente
  entente serve --config entente.toml       settings of all services, in TOML; see below
  entente serve --ephemeral                 on a directory that goes when it stops

Ingest, projector and query in one process. The other commands find it by the data directory.
Ctrl-C or SIGTERM stops it; nothing that was acknowledged is lost even by kill -9. A port given as *
is a free one. A file of settings has data, allow_plaintext and log_level, and the tables [ingest],
[projector] and [query] with listen, the second with poison, the last with tail and subscriptions as
well; flags win over it. Where the parts find each other is known: the same file may say so for the
three programs, but nothing else.)";

// What would have no effect is refused. Nothing is said against what is so, and the defaults are
// not told from what was not said.
Status CheckWhereTheOthersAre(const settings::Settings& given) {
  const settings::Settings unsaid;
  const std::string nowhere;
  for (const auto& [key, said, otherwise, known] :
       {std::tuple("projector.ingest", &given.projector.ingest, &unsaid.projector.ingest,
                   &given.ingest.listen),
        std::tuple("query.projector", &given.query.projector, &unsaid.query.projector,
                   &given.projector.listen),
        std::tuple("query.ingest", &given.query.ingest, &unsaid.query.ingest, &given.ingest.listen),
        std::tuple("query.subscriptions_at", &given.query.subscriptions_at,
                   &unsaid.query.subscriptions_at, &nowhere)}) {
    if (*said == *otherwise || *said == *known) continue;
    return Fail(Reason::kConfigInvalid, key, *said,
                "the parts of one process find each other; leave this out");
  }
  return {};
}

Result<serve::Config> ConfigOf(const ServeOptions& options, const Session& session) {
  auto settings = options.flags.Resolve();
  if (!settings) return Fail(std::move(settings.error()));
  if (auto checked = CheckWhereTheOthersAre(*settings); !checked) {
    return Fail(std::move(checked.error()));
  }
  // A person at a terminal is told what matters; who sets a level gets what it says.
  const bool level_given =
      options.command.count("--log-level") > 0 || options.command.count("--config") > 0;
  settings::OpenJournal(level_given ? settings->log_level : "warn");
  serve::Config config{.data = settings->data,
                       .ephemeral = options.ephemeral,
                       .ingest = settings->ingest.listen,
                       .projector = settings->projector.listen,
                       .query = settings->query.listen,
                       .tail = settings->query.tail,
                       .subscriptions = settings->query.subscriptions,
                       .allow_plaintext = settings->allow_plaintext,
                       .marker = options.marker,
                       .poison = projector::PoisonPolicyOf(settings->projector.poison)};
  // `--data` may stand before the command, too.
  if (!session.options().data.empty()) config.data = session.data();
  if (options.ephemeral) config.data.clear();
  return config;
}

// The marker stays with the directory: once SAMPLE, always SAMPLE.
Status KeepMarker(serve::Config* config) {
  if (config->ephemeral) return {};
  if (auto made = settings::MakeDataDirectory(config->data); !made) return made;
  if (!config->marker.empty()) return settings::WriteMarker(config->data, config->marker);
  auto marker = settings::ReadMarker(config->data);
  if (!marker) return Fail(std::move(marker.error()));
  config->marker = *std::move(marker);
  return {};
}

std::string Started(const serve::Server& server, const serve::Config& config,
                    const Session& session) {
  render::Table table({{.heading = "service"}, {.heading = "endpoint"}});
  const client::Endpoints& at = server.endpoints();
  table.Row({"ingest", at.ingest});
  table.Row({"projector", at.projector});
  table.Row({"query", at.query});
  table.Row({"tail (PUB)", at.tail});
  return table.Print(session.style()) +
         fmt::format("\nData directory: {}{}\nReady. Ctrl-C stops it.\n",
                     render::PathInWords(server.data().string(), session.home()),
                     config.marker.empty() ? "" : fmt::format(" (marked {})", config.marker));
}

ExitCode RunServe(const ServeOptions& options, Session& session) {
  auto config = ConfigOf(options, session);
  if (!config) return session.Refuse(config.error());
  if (auto kept = KeepMarker(&*config); !kept) return session.Complain(kept.error());

  settings::StopSignals signals;
  auto server = serve::Server::Start(*config);
  if (!server) return session.Complain(server.error());
  session.Print(Started(**server, *config, session));
  signals.Wait();
  session.Print("Stopping.\n");
  (*server)->Stop();
  return ExitCode::kDone;
}

}  // namespace

void AddServe(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("serve", "Run the three services in one process");
  auto options = std::make_shared<ServeOptions>(*command);
  // Within one process the parts find each other.
  for (const char* name :
       {"--projector-ingest", "--query-projector", "--query-ingest", "--query-subscriptions-at"}) {
    command->get_option(name)->group("");
  }
  command->add_flag("--ephemeral", options->ephemeral,
                    "On a temporary directory, removed at the end");
  command->add_option("--marker", options->marker,
                      "A word that marks the data, such as SAMPLE; status shows it");
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunServe(*options, session); };
  });
}

}  // namespace entente::cli
