#include "cli/render/stats.h"

#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"

namespace entente::cli {
namespace {

struct StatsOptions {
  ContextOptions context;
  FilterOptions filter;
  std::string by = "year";
};

constexpr const char* kExamples = R"(Examples:
  entente stats --kind two-plus-two --country JP --by year
  entente stats --kind two-plus-two --country JP --by partner
  entente stats --country JP --by status

Counts are given twice: certain, and possible (the certain ones included). A planned meeting never
counts as held. By partner, what sources claim ("the eighth partner") stands with our own count.)";

ExitCode RunStats(const StatsOptions& options, Session& session) {
  v1::StatsRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  auto filter = ToFilter(options.filter, session.names());
  if (!filter) return session.Refuse(filter.error());
  v1::StatsRequest::By by = v1::StatsRequest::unspecified;
  v1::StatsRequest::By_Parse(options.by, &by);
  if (by == v1::StatsRequest::partner && filter->countries_size() != 1) {
    return session.Refuse(
        Fail(Reason::kQueryInvalid, "--by", "partner", "whose partners? Give one --country")
            .value());
  }
  *request.mutable_context() = *std::move(context);
  *request.mutable_filter() = *std::move(filter);
  request.set_by(by);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  auto reply = Ask(session, **client, options.context, request);
  if (!reply) return session.Complain(reply.error());
  if (!session.json()) {
    session.Print(render::Stats(request, *reply, session.names(), session.style()));
    return ExitCode::kDone;
  }
  for (const v1::Count& count : reply->counts()) session.PrintJson(count);
  reply->clear_counts();
  session.PrintJson(*reply);
  return ExitCode::kDone;
}

}  // namespace

void AddStats(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<StatsOptions>();
  CLI::App* command = app.add_subcommand("stats", "How many were held: by year, partner, mode …");
  command->add_option("--by", options->by, "year, partner, mode, status or topic")
      ->check(CLI::IsMember({"year", "partner", "mode", "status", "topic"}))
      ->type_name("WHAT")
      ->capture_default_str();
  AddFilterOptions(command, &options->filter, Asks::kMeetings);
  AddContextOptions(command, &options->context);
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunStats(*options, session); };
  });
}

}  // namespace entente::cli
