#include "cli/render/meeting.h"

#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"

namespace entente::cli {
namespace {

struct MeetingOptions {
  ContextOptions context;
  std::string id;
};

constexpr const char* kExamples = R"(Examples:
  entente meeting jp-in-two-plus-two-2021-04
  entente meeting jp-in-two-plus-two-2021-04 --as-of 2021-05-05
  entente meeting jp-in-two-plus-two-2021-04 --json

Each fact is followed by the numbers of the reports that say so; the reports stand below. An id
that was merged answers with the meeting it became.)";

ExitCode RunMeeting(const MeetingOptions& options, Session& session) {
  const std::string stream =
      options.id.find('/') == std::string::npos ? "meeting/" + options.id : options.id;
  return ShowOne(session, options.context, v1::MeetingRequest(), stream, "ID", render::Meeting);
}

}  // namespace

void AddMeeting(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<MeetingOptions>();
  CLI::App* command =
      app.add_subcommand("meeting", "One meeting whole: each fact, who says so, what does not fit");
  command->add_option("ID", options->id, "Its id, as `entente timeline` prints it")->required();
  AddContextOptions(command, &options->context);
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunMeeting(*options, session); };
  });
}

}  // namespace entente::cli
