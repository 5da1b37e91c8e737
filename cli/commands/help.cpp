#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "cli/commands/commands.h"

namespace entente::cli {
namespace {

struct Topic {
  std::string_view name;
  std::string_view about;
  std::string_view text;  // exit-codes is made from the table
};

constexpr std::string_view kDates = R"(Dates are EDTF (ISO 8601-2), as far as a source says:

  2021-04-24                  one day
  2021-03                     some day in March
  2021                        some day in 2021
  2021-04-XX, 202X            digits not known
  2021-05-05/2021             first day between 5 May and the end of 2021
  2021-05-05/..               on or after 5 May
  [2021-04-24,2021-04-25]     one of two days
  2021-22, 2021-33            summer 2021, first quarter of 2021
  2021-04-24~                 about 24 April

An interval is uncertainty about the first day, never a duration. A meeting is certainly within
dates when all its possible days are, and possibly when some are.
)";

constexpr std::string_view kTimes = R"(Three times are never mixed:

  when the meeting is    --from, --to (timeline), --day-from, --day-to (changes, alerts)
  when a source said it  --as-of DAY: only what had been said by the end of that day
  when our log took it   --recorded DAY|TIME: only what we held then, in UTC

Both bounds may be given. --today is the day by which a plan counts as lapsed and a year as not
over: the as-of day where one is given, else the clock's.
)";

constexpr std::string_view kJson =
    R"(Every reading command takes --json: one JSON object a line, in the names of proto/entente/v1.

  timeline                    TimelineEntry …, then TimelineReply without them
  pending, stats              PendingEntry …, Count …, then the reply without them
  changes                     DescribedChange …, then ChangesReply without them
  diff, rebuild --dry-run     MeetingDiff …, then DiffReply without them
  countries, topics, kinds    Word …, then VocabularyReply without them; with --all only Word …
  meeting, subject            one MeetingReply or SubjectReply
  alerts                      DescribedChange …
  subscription                one reply; list and parked: One …, Parked …
  status                      one StatusReply for each service that answered
  generations, rollback,      one GenerationsReply; with --watch before it a GenerationBuild for
  drop, rebuild               each look (rebuild beside running services)
  parked                      One …, then ParkedEventsReply without them
  append, import              AppendedEvent …; errors and the summary go to standard error

What works on a directory itself (rebuild without services, log verify, log load) and explain speak
in words only, and by their exit status; log dump prints JSON Lines as it is.

The last object of a list holds `answered`: position, generation and horizon. Numbers of 64 bits are
texts; what is not set is left out.
)";

constexpr std::string_view kPlaces = R"(Where the commands find the services, first that holds:

  --ingest, --query, --projector    ENTENTE_INGEST, ENTENTE_QUERY, ENTENTE_PROJECTOR
  DIR/endpoints.toml                written by the services when they start; DIR is
  --data DIR                        ENTENTE_DATA, else $XDG_DATA_HOME/entente, else
                                    ~/.local/share/entente
)";

constexpr std::array<Topic, 5> kTopics = {{
    {"exit-codes", "what the exit status says", ""},
    {"dates", "how dates are written", kDates},
    {"times", "the three times: of the meeting, of the report, of our log", kTimes},
    {"json", "what --json prints", kJson},
    {"places", "where commands find the services and the data", kPlaces},
}};

std::string ExitCodes() {
  std::string out;
  for (const ExitCodeMeaning& meaning : ExitCodeMeanings()) {
    out += fmt::format("  {}  {}\n", static_cast<int>(meaning.code), meaning.text);
  }
  return out;
}

// App::help would give that of the command that was parsed: this one.
std::string HelpOf(const CLI::App& app) {
  return app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
}

ExitCode RunHelp(const CLI::App& app, const std::string& name, Session& session) {
  if (name.empty()) {
    session.Print(HelpOf(app));
    return ExitCode::kDone;
  }
  for (const Topic& topic : kTopics) {
    if (topic.name != name) continue;
    session.Print(name == "exit-codes" ? ExitCodes() : std::string(topic.text));
    return ExitCode::kDone;
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() != name) continue;
    session.Print(HelpOf(*command));
    return ExitCode::kDone;
  }
  Error error =
      Fail(Reason::kNotFound, "TOPIC", name, "no command and no topic has this name").value();
  for (const Topic& topic : kTopics) error.suggestions.emplace_back(topic.name);
  return session.Complain(error);
}

}  // namespace

void AddHelp(CLI::App& app, Run* chosen) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("help", "Help on a command, or on one of these topics");
  command->add_option("TOPIC", *name, "A command, or a topic");
  std::string topics = "Examples:\n  entente help timeline\n  entente help dates\n\nTopics:\n";
  for (const Topic& topic : kTopics) topics += fmt::format("  {:<12}{}\n", topic.name, topic.about);
  topics.pop_back();
  command->footer(topics);
  command->callback([name, chosen, &app] {
    *chosen = [name, &app](Session& session) { return RunHelp(app, *name, session); };
  });
}

}  // namespace entente::cli
