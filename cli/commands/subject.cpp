#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/render/meeting.h"
#include "domain/event/stream_name.h"

namespace entente::cli {
namespace {

struct SubjectOptions {
  ContextOptions context;
  std::string id;
};

constexpr const char* kExamples = R"(Examples:
  entente subject kind/two-plus-two
  entente subject country/JP
  entente subject pair/IN-JP

Statements and claims about no single meeting, with who says so.)";

ExitCode RunSubject(const SubjectOptions& options, Session& session) {
  v1::SubjectRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  *request.mutable_context() = *std::move(context);
  if (auto name = domain::ParseStreamName(options.id); !name) {
    return session.Refuse(std::move(name.error()).At("NAME"));
  }
  request.set_id(options.id);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = Ask(session, **client, options.context, request);
  if (!reply) return session.Complain(reply.error());
  if (session.json()) {
    session.PrintJson(*reply);
  } else {
    session.Print(render::Subject(request, *reply, session.names(), session.style()));
  }
  return ExitCode::kDone;
}

}  // namespace

void AddSubject(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<SubjectOptions>();
  CLI::App* command =
      app.add_subcommand("subject", "What is said of a kind, series, country or pair");
  command->add_option("NAME", options->id, "kind/…, series/…, country/CODE or pair/CODE-CODE")
      ->required();
  AddContextOptions(command, &options->context);
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunSubject(*options, session); };
  });
}

}  // namespace entente::cli
