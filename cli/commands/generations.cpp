#include "cli/render/generations.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/build_watch.h"
#include "cli/commands/commands.h"

namespace entente::cli {
namespace {

constexpr const char* kAbout = R"(Examples:
  entente generations
  entente generations swap       the one held takes over
  entente generations cancel     give up the one being built

The copies of the views that the projector has: the current one, which answers; those that were
current before, to go back to with `entente rollback`; and the one that `entente rebuild` builds.)";

constexpr const char* kSwapExamples = R"(Examples:
  entente generations swap           of what `entente rebuild --hold` built
  entente generations swap --watch)";

constexpr const char* kCancelExamples = R"(Examples:
  entente generations cancel

What it has built so far is removed; the current one goes on answering.)";

constexpr const char* kRollbackExamples = R"(Examples:
  entente rollback               to the newest of those that were current before
  entente rollback g1 --watch

Folds a kept generation forward to the head of the log; then it takes over. The one that is current
until then is kept.)";

constexpr const char* kDropExamples = R"(Examples:
  entente drop g1

Removes a generation that was current before, with its rows. It cannot be gone back to.)";

ExitCode Show(Session& session, const v1::GenerationsReply& reply) {
  session.json() ? session.PrintJson(reply)
                 : session.Print(render::Generations(reply, session.style()));
  return ExitCode::kDone;
}

ExitCode RunGenerations(Session& session) {
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = (*client)->Ask(v1::GenerationsRequest());
  return reply ? Show(session, *reply) : session.Complain(reply.error());
}

// Asks for the change; shows what there is then.
ExitCode Change(Session& session, const v1::ChangeGenerationsRequest& request, bool watch) {
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = (*client)->Ask(request);
  if (!reply) return session.Complain(reply.error());
  if (watch && reply->has_building()) {
    return WatchBuild(session, **client, reply->building().generation());
  }
  return Show(session, *reply);
}

void AddRollback(CLI::App& app, Run* chosen) {
  struct Options {
    std::string name;
    bool watch = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("rollback", "Go back to views that were current before");
  command->add_option("name", options->name, "The generation; else the newest kept one")
      ->type_name("GENERATION");
  command->add_flag("--watch", options->watch, "Look on until it has taken over");
  command->footer(kRollbackExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) {
      v1::ChangeGenerationsRequest request;
      request.set_rollback(options->name);
      return Change(session, request, options->watch);
    };
  });
}

void AddDrop(CLI::App& app, Run* chosen) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("drop", "Remove views that were current before");
  command->add_option("name", *name, "The generation")->type_name("GENERATION")->required();
  command->footer(kDropExamples);
  command->callback([name, chosen] {
    *chosen = [name](Session& session) {
      v1::ChangeGenerationsRequest request;
      request.set_drop(*name);
      return Change(session, request, false);
    };
  });
}

}  // namespace

void AddGenerations(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("generations", "The copies of the views there are");
  command->require_subcommand(0, 1);
  command->footer(kAbout);
  command->callback([command, chosen] {
    if (command->get_subcommands().empty()) *chosen = RunGenerations;
  });
  auto watch = std::make_shared<bool>(false);
  CLI::App* swap = command->add_subcommand("swap", "Let the generation that is held take over");
  swap->add_flag("--watch", *watch, "Look on until it has taken over");
  swap->footer(kSwapExamples);
  swap->callback([watch, chosen] {
    *chosen = [watch](Session& session) {
      v1::ChangeGenerationsRequest request;
      request.set_swap(true);
      return Change(session, request, *watch);
    };
  });
  CLI::App* cancel = command->add_subcommand("cancel", "Give up the one that is being built");
  cancel->footer(kCancelExamples);
  cancel->callback([chosen] {
    *chosen = [](Session& session) {
      v1::ChangeGenerationsRequest request;
      request.set_cancel(true);
      return Change(session, request, false);
    };
  });
  AddRollback(app, chosen);
  AddDrop(app, chosen);
}

}  // namespace entente::cli
