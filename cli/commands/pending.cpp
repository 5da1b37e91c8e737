#include "cli/render/pending.h"

#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"

namespace entente::cli {
namespace {

struct PendingOptions {
  ContextOptions context;
  FilterOptions filter;
  std::uint32_t limit = 100;
};

constexpr const char* kExamples = R"(Examples:
  entente pending
  entente pending --country JP --today 2021-05-05

Postponed, called off without word whether for good, or without a day yet. Those whose latest day
has passed without news are listed apart as lapsed.)";

ExitCode RunPending(const PendingOptions& options, Session& session) {
  v1::PendingRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  auto filter = ToFilter(options.filter, session.names());
  if (!filter) return session.Refuse(filter.error());
  *request.mutable_context() = *std::move(context);
  *request.mutable_filter() = *std::move(filter);
  request.set_with_counts(true);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  auto reply = AskPages(session, **client, options.context, request, options.limit,
                        [](const v1::PendingReply& page) -> auto& { return page.entries(); });
  if (!reply) return session.Complain(reply.error());
  if (!session.json()) {
    session.Print(render::Pending(request, *reply, session.names(), session.style()));
    return ExitCode::kDone;
  }
  for (const v1::PendingEntry& entry : reply->entries()) session.PrintJson(entry);
  reply->clear_entries();
  session.PrintJson(*reply);
  return ExitCode::kDone;
}

}  // namespace

void AddPending(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<PendingOptions>();
  CLI::App* command = app.add_subcommand("pending", "What is postponed or has no day yet");
  AddFilterOptions(command, &options->filter, Asks::kMeetings);
  AddContextOptions(command, &options->context);
  command->add_option("--limit", options->limit, "At most so many meetings; 0: all")
      ->capture_default_str();
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunPending(*options, session); };
  });
}

}  // namespace entente::cli
