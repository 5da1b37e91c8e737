#include "cli/render/diff.h"

#include <charconv>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "values/recorded_time.h"

namespace entente::cli {
namespace {

struct DiffOptions {
  ContextOptions context;
  FilterOptions filter;
  std::string from;
  std::string to;
  std::uint32_t limit = 100;
};

constexpr const char* kExamples = R"(Examples:
  entente diff --country BR --from 2021-05-05
  entente diff --country JP --from 18 --to 22
  entente diff --from 0 --type postponed,cancelled

What our log says differently after the one position than after the other: meetings that came, went
or were merged, and each fact with its value before and after. A day is a UTC day, and means its
end; position 0 is the empty log. With --as-of both states hold only what sources had said by then.)";

// A position, a recorded day or a time, told apart by their form.
Status SetState(const std::string& text, const char* option, v1::AsOf* state) {
  std::uint64_t position = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (fault == std::errc() && end == text.data() + text.size()) {
    state->set_position(position);
    return {};
  }
  if (Day::FromIso(text) || RecordedTimeFromRfc3339(text)) {
    state->set_recorded(text);
    return {};
  }
  return Fail(Reason::kQueryInvalid, option, text,
              "expected a position (20), or a UTC day (2021-05-05) or time "
              "(2021-05-05T09:30:00Z) until which it was recorded");
}

ExitCode RunDiff(const DiffOptions& options, Session& session) {
  v1::DiffRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  auto filter = ToFilter(options.filter, session.names());
  if (!filter) return session.Refuse(filter.error());
  if (Status from = SetState(options.from, "--from", request.mutable_from()); !from) {
    return session.Refuse(from.error());
  }
  if (!options.to.empty()) {
    if (Status to = SetState(options.to, "--to", request.mutable_to()); !to) {
      return session.Refuse(to.error());
    }
  }
  *request.mutable_context() = *std::move(context);
  *request.mutable_filter() = *std::move(filter);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  auto reply = AskPages(session, **client, options.context, request, options.limit,
                        [](const v1::DiffReply& page) -> auto& { return page.meetings(); });
  if (!reply) return session.Complain(reply.error());
  if (!session.json()) {
    session.Print(render::Diff(request, *reply, session.style()));
    return ExitCode::kDone;
  }
  for (const v1::MeetingDiff& meeting : reply->meetings()) session.PrintJson(meeting);
  reply->clear_meetings();
  session.PrintJson(*reply);
  return ExitCode::kDone;
}

}  // namespace

void AddDiff(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = app.add_subcommand("diff", "What two states of the log say differently");
  command->add_option("--from", options->from, "The state to begin with")
      ->type_name("POSITION|DAY|TIME")
      ->required();
  command->add_option("--to", options->to, "The state to end with; else the present one")
      ->type_name("POSITION|DAY|TIME");
  AddFilterOptions(command, &options->filter, Asks::kChanges);
  AddContextOptions(command, &options->context, AsOfOptions::kWithoutRecorded);
  command->add_option("--limit", options->limit, "At most so many meetings; 0: all")
      ->capture_default_str();
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunDiff(*options, session); };
  });
}

}  // namespace entente::cli
