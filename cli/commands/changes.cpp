#include "cli/render/changes.h"

#include <charconv>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "values/recorded_time.h"

namespace entente::cli {
namespace {

struct ChangesOptions {
  ContextOptions context;
  FilterOptions filter;
  std::string since;
  std::uint32_t limit = 100;
};

constexpr const char* kExamples = R"(Examples:
  entente changes --since 20
  entente changes --since 2021-05-05 --country JP --type postponed,rescheduled

What changed above a position of the log, or since the start of a UTC day on which we recorded it.
The last line names the position to ask from next time.)";

// A position or a recorded day, told apart by their form.
Status SetSince(const std::string& since, v1::ChangesRequest* request) {
  std::uint64_t position = 0;
  const auto [end, fault] = std::from_chars(since.data(), since.data() + since.size(), position);
  if (fault == std::errc() && end == since.data() + since.size()) {
    request->set_since_position(position);
    return {};
  }
  if (Day::FromIso(since)) {
    request->set_since_day(since);
    return {};
  }
  return Fail(Reason::kQueryInvalid, "--since", since,
              "expected a position (20) or a UTC day on which it was recorded (2021-05-05)");
}

ExitCode RunChanges(const ChangesOptions& options, Session& session) {
  v1::ChangesRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  auto filter = ToFilter(options.filter, session.names());
  if (!filter) return session.Refuse(filter.error());
  if (auto since = SetSince(options.since, &request); !since) return session.Refuse(since.error());
  *request.mutable_context() = *std::move(context);
  *request.mutable_filter() = *std::move(filter);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  auto reply = AskPages(session, **client, options.context, request, options.limit,
                        [](const v1::ChangesReply& page) -> auto& { return page.changes(); });
  if (!reply) return session.Complain(reply.error());
  if (!session.json()) {
    session.Print(render::Changes(request, *reply, session.style()));
    return ExitCode::kDone;
  }
  for (const v1::DescribedChange& change : reply->changes()) session.PrintJson(change);
  reply->clear_changes();
  session.PrintJson(*reply);
  return ExitCode::kDone;
}

}  // namespace

void AddChanges(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<ChangesOptions>();
  CLI::App* command = app.add_subcommand("changes", "What changed since a position or a day");
  command->add_option("--since", options->since, "A position of the log, or a recorded UTC day")
      ->type_name("POSITION|DAY")
      ->required();
  AddFilterOptions(command, &options->filter, Asks::kChanges);
  AddContextOptions(command, &options->context, AsOfOptions::kWithoutReported);
  command->add_option("--limit", options->limit, "At most so many changes; 0: all")
      ->capture_default_str();
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunChanges(*options, session); };
  });
}

}  // namespace entente::cli
