#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/render/meeting.h"

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
  return ShowOne(session, options.context, v1::SubjectRequest(), options.id, "NAME",
                 render::Subject);
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
