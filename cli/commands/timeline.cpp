#include "cli/render/timeline.h"

#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/commands/watchlists.h"

namespace entente::cli {
namespace {

struct TimelineOptions {
  ContextOptions context;
  FilterOptions filter;
  std::string watchlist;
  bool newest_first = false;
  bool candidates = false;
  std::uint32_t limit = 100;
};

constexpr const char* kExamples = R"(Examples:
  entente timeline --country Japan
  entente timeline --country JP --with US --from 2021 --to 2021-06
  entente timeline --topic maritime-security --status held
  entente timeline --country JP --as-of 2021-05-05     what had been reported by then
  entente timeline --country JP --json                 one meeting a line

A bracket (┌ └) binds meetings whose order is not known. Dates: entente help dates.)";

ExitCode RunTimeline(const TimelineOptions& options, Session& session) {
  v1::TimelineRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  FilterOptions words = options.filter;
  if (auto added = UseWatchlist(options.watchlist, For::kTimeline, &words); !added) {
    return session.Refuse(added.error());
  }
  auto filter = ToFilter(words, session.names());
  if (!filter) return session.Refuse(filter.error());
  *request.mutable_context() = *std::move(context);
  *request.mutable_filter() = *std::move(filter);
  request.set_newest_first(options.newest_first);
  request.set_candidates(options.candidates);
  request.set_count_all(true);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  auto reply = AskPages(session, **client, options.context, request, options.limit,
                        [](const v1::TimelineReply& page) -> auto& { return page.entries(); });
  if (!reply) return session.Complain(reply.error());
  if (!session.json()) {
    session.Print(render::Timeline(request, *reply, session.names(), session.style()));
    return ExitCode::kDone;
  }
  for (const v1::TimelineEntry& entry : reply->entries()) session.PrintJson(entry);
  reply->clear_entries();
  session.PrintJson(*reply);
  return ExitCode::kDone;
}

}  // namespace

void AddTimeline(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<TimelineOptions>();
  CLI::App* command = app.add_subcommand("timeline", "Meetings in the order of their days");
  AddFilterOptions(command, &options->filter, Asks::kMeetings);
  command->add_option("--watchlist", options->watchlist, "A filter of yours, by its name");
  AddContextOptions(command, &options->context);
  command->add_flag("--newest-first", options->newest_first, "The latest meeting first");
  command->add_flag("--candidates", options->candidates,
                    "Also what machine-coded rows say, grouped; in no count");
  command->add_option("--limit", options->limit, "At most so many meetings; 0: all")
      ->capture_default_str();
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunTimeline(*options, session); };
  });
}

}  // namespace entente::cli
