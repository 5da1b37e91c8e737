#include "cli/render/status.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands/commands.h"

namespace entente::cli {
namespace {

struct StatusOptions {
  std::string service;  // empty: all three
  bool quiet = false;
};

constexpr const char* kExamples = R"(Examples:
  entente status
  entente status --json
  entente status --service query --quiet && echo ready

Where each service stands, how far it is behind the log, and what is not as it should be. The exit
code is 0 where all that were asked do their work, 3 where one does not answer or has no views to
answer from yet, 6 where one cannot work.)";

// What a script may conclude. A query without views would let every question wait.
ExitCode ExitCodeOf(const v1::StatusReply& reply) {
  if (reply.health() == v1::StatusReply::red) return ExitCode::kBlocked;
  const bool has_views = reply.service() != "query" || !reply.generation().empty();
  return has_views ? ExitCode::kDone : ExitCode::kUnreachable;
}

ExitCode RunStatus(const StatusOptions& options, Session& session) {
  const auto endpoints = session.FindEndpoints();
  if (!endpoints) return session.Complain(endpoints.error());
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());

  using Service = client::Client::Service;
  struct Asked {
    Service service;
    std::string name;
    std::string endpoint;
  };
  std::vector<render::ServiceStatus> services;
  ExitCode code = ExitCode::kDone;
  bool any = false;
  Errors unanswered;
  for (const Asked& asked : {Asked{Service::kIngest, "ingest", endpoints->ingest},
                             Asked{Service::kProjector, "projector", endpoints->projector},
                             Asked{Service::kQuery, "query", endpoints->query}}) {
    if (!options.service.empty() && options.service != asked.name) continue;
    render::ServiceStatus& service =
        services.emplace_back(render::ServiceStatus{asked.name, asked.endpoint, {}});
    if (asked.endpoint.empty()) continue;
    auto reply = (*client)->Status(asked.service);
    if (!reply) {
      unanswered.insert(unanswered.end(), reply.error().begin(), reply.error().end());
      code = ExitCode::kUnreachable;
      continue;
    }
    any = true;
    if (code == ExitCode::kDone) code = ExitCodeOf(*reply);
    if (session.json() && !options.quiet) session.PrintJson(*reply);
    service.reply = *std::move(reply);
  }
  if (options.quiet) return any ? code : ExitCode::kUnreachable;
  if (!any) {
    session.Complain(session.NotRunning());
    return ExitCode::kUnreachable;
  }
  if (session.json()) {
    session.Complain(unanswered);
  } else {
    session.Print(render::Status(services, session.home(), session.style()));
  }
  return code;
}

}  // namespace

void AddStatus(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("status", "How the services are, and how to start them");
  auto options = std::make_shared<StatusOptions>();
  command->add_option("--service", options->service, "Only this one")
      ->type_name("SERVICE")
      ->check(CLI::IsMember({"ingest", "projector", "query"}));
  command->add_flag("--quiet", options->quiet, "Print nothing: the exit code says it");
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunStatus(*options, session); };
  });
}

}  // namespace entente::cli
