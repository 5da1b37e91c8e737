#include "cli/render/meeting.h"

#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "domain/event/stream_name.h"

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
  v1::MeetingRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  *request.mutable_context() = *std::move(context);
  const std::string stream =
      options.id.find('/') == std::string::npos ? "meeting/" + options.id : options.id;
  if (auto name = domain::ParseStreamName(stream); !name) {
    return session.Refuse(std::move(name.error()).At("ID"));
  }
  request.set_id(stream);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = Ask(session, **client, options.context, request);
  if (!reply) return session.Complain(reply.error());
  if (session.json()) {
    session.PrintJson(*reply);
  } else {
    session.Print(render::Meeting(request, *reply, session.names(), session.style()));
  }
  return ExitCode::kDone;
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
