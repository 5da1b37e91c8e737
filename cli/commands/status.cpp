#include "cli/render/status.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands/commands.h"

namespace entente::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  entente status
  entente status --json

Where each service stands, how far it is behind the log, and what is not as it should be.)";

ExitCode RunStatus(Session& session) {
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
    if (reply->health() == v1::StatusReply::red && code == ExitCode::kDone) {
      code = ExitCode::kBlocked;
    }
    if (session.json()) session.PrintJson(*reply);
    service.reply = *std::move(reply);
  }
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
  command->footer(kExamples);
  command->callback([chosen] { *chosen = RunStatus; });
}

}  // namespace entente::cli
