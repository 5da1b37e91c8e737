#include "log/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/append_lines.h"
#include "cli/commands/commands.h"
#include "cli/commands/log_erase.h"
#include "cli/line_reader.h"
#include "cli/log_reading.h"
#include "cli/render/names.h"
#include "domain/event/upcast.h"
#include "formats/json_lines.h"
#include "log/digest.h"
#include "log/dump.h"
#include "log/verify.h"
#include "services/settings/data_directory.h"

namespace entente::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  entente log verify                          is every byte what was appended?
  entente log dump >copy.jsonl                the whole log as lines
  entente log dump --since 2021-05-05         what was recorded on that day and later
  entente log load copy.jsonl --data NEW      the same log again, byte for byte
  entente log load --append copy.jsonl        its events into a log that runs
  entente log erase 1207 --reason "by order"  empties what an event says, for ever

verify and dump ask ingest where one runs, and read the data directory, changing nothing, where none
does. erase is for a log that does not run.)";

struct DumpOptions {
  std::uint64_t from = 1;
  std::string since;
};

std::string Head(const log::ChainPoint& head) {
  return fmt::format("Head: position {}, hash {}\n", head.position.value(),
                     log::Hex(log::BytesOf(head.hash)));
}

// ---- verify ----

// Of a log that runs: by the commits that ingest hands out, which end at the durable position.
Result<log::VerifyReport> VerifyRunning(Session& session) {
  log::LogVerifier verifier;
  const auto read = ReadCommits(session, {}, [&](const log::CommitView& commit) -> Status {
    return verifier.Step(commit) ? Status() : Fail(Reason::kStopping, "", "", "");
  });
  log::VerifyReport report = std::move(verifier).Finish();
  if (!read && !report.first_break) return Fail(read.error());
  return report;
}

std::string Verdict(const log::VerifyReport& report) {
  std::string text = fmt::format("{} in {} are what was appended, in an unbroken chain.\n{}",
                                 render::Counted(report.events, "event"),
                                 render::Counted(report.commits, "commit"), Head(report.end));
  for (const log::ErasureOrder& order : report.erased) text += InWords(order) + "\n";
  for (const log::ErasureOrder& order : report.not_carried_out) {
    text += fmt::format(
        "Position {} is ordered to be erased (position {}) and is not yet: it is once ingest "
        "starts.\n",
        order.position.value(), order.ordered_at.value());
  }
  return text;
}

ExitCode RunVerify(Session& session) {
  const auto report =
      IngestRuns(session) ? VerifyRunning(session) : log::VerifyLog(session.data() / "log");
  if (!report) return session.Complain(report.error());
  for (const std::string& note : report->notes) session.Warn(note);
  if (report->first_break) {
    session.Print(fmt::format("The log is whole up to position {}.\n{}",
                              report->end.position.value(), Head(report->end)));
    return session.Complain(*report->first_break);
  }
  session.Print(Verdict(*report));
  return ExitCode::kDone;
}

// ---- dump ----

// A day begins at midnight UTC.
Result<std::optional<RecordedTime>> ParseSince(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (const auto day = Day::FromIso(text)) return StartOfDay(*day);
  if (const auto time = RecordedTimeFromRfc3339(text)) return *time;
  return Fail(Reason::kFieldInvalid, "--since", text,
              "expected a day such as 2021-05-05, or a time such as 2021-05-05T12:00:00Z");
}

ExitCode RunDump(const DumpOptions& options, Session& session) {
  const auto since = ParseSince(options.since);
  if (!since) return session.Refuse(since.error());
  const LogBeginning from{Position(std::max<std::uint64_t>(options.from, 1)), *since};
  bool wanted = true;
  const auto read = ReadCommits(session, from, [&](const log::CommitView& commit) -> Status {
    for (const v1::DumpLine& line : log::ToDumpLines(commit)) {
      wanted = wanted && session.PrintJson(line);
    }
    return wanted ? Status() : Fail(Reason::kStopping, "", "", "");
  });
  // A reader that went away has what it wanted.
  return read || !wanted ? ExitCode::kDone : session.Complain(read.error());
}

// ---- load ----

Error AtLine(Error error, std::uint64_t number) {
  error.message = fmt::format("line {}: {}", number, error.message);
  return error;
}

Result<log::ChainPoint> LoadLines(LineReader& reader, log::LogLoader& loader) {
  while (true) {
    const auto line = reader.Next();
    if (!line) return Fail(line.error());
    if (!*line) return loader.Finish();
    if ((*line)->text.empty()) continue;
    const auto parsed = formats::DumpLineFromJson((*line)->text);
    auto added = parsed ? loader.Add(*parsed) : Status(Fail(parsed.error()));
    if (!added) return Fail(AtLine(std::move(added.error()), (*line)->number));
  }
}

ExitCode RunLoad(const std::string& file, Session& session) {
  auto reader = LineReader::Open(file);
  if (!reader) return session.Refuse(reader.error());
  if (Status made = settings::MakeDataDirectory(session.data()); !made) {
    return session.Complain(made.error());
  }
  auto loader = log::LogLoader::Open(session.data() / "log");
  if (!loader) return session.Complain(loader.error());
  const auto head = LoadLines(*reader, *loader);
  if (!head) return session.Complain(head.error());
  session.Print(fmt::format("Loaded {}, byte for byte as they were dumped.\n{}",
                            render::Counted(head->position.value(), "event"), Head(*head)));
  return ExitCode::kDone;
}

// What a dumped line holds for another log: no commit, none of this log's own affairs, and nothing
// of what was erased.
Result<std::optional<v1::NewEvent>> EventToAppend(std::string_view text) {
  auto line = formats::DumpLineFromJson(text);
  if (!line) return Fail(std::move(line.error()));
  v1::NewEvent& event = *line->mutable_event()->mutable_event();
  const bool of_the_log = event.stream().starts_with("admin/");
  const bool erased = event.payload_case() == v1::NewEvent::PAYLOAD_NOT_SET;
  if (of_the_log || erased) return std::nullopt;
  // It is written anew, in the newest version of its payload.
  const auto raised = domain::Upcasters::BuiltIn().BringUp(
      static_cast<std::uint32_t>(event.payload_case()), line->event().payload_version(), &event);
  if (!raised) return Fail(raised.error());
  return std::move(event);
}

// ---- the command line ----

void AddVerifyLog(CLI::App& log, Run* chosen) {
  CLI::App* command = log.add_subcommand("verify", "Hold every event against its digest");
  command->footer(
      "Examples:\n"
      "  entente log verify\n"
      "  entente log verify --data /var/lib/entente    where nothing runs\n\n"
      "Checks that positions and revisions have no gap, that each commit carries the hash of the\n"
      "one before, that recorded times do not run backwards, and that every event is byte for "
      "byte\n"
      "what was appended; of a log that does not run, also that it reaches as far as its witness\n"
      "file says. Names the first break, and how far the log is whole. Exit code 5 where it is "
      "not.");
  command->callback([chosen] { *chosen = RunVerify; });
}

void AddDump(CLI::App& log, Run* chosen) {
  auto options = std::make_shared<DumpOptions>();
  CLI::App* command = log.add_subcommand("dump", "Print the log, one JSON object a line");
  command->add_option("--from", options->from, "The first position")->capture_default_str();
  command
      ->add_option("--since", options->since,
                   "Only what was recorded on this day or later, or from this time on")
      ->type_name("DATE");
  command->footer(
      "Examples:\n"
      "  entente log dump >copy.jsonl\n"
      "  entente log dump --from 20\n"
      "  entente log dump --since 2021-05-05    what was recorded on that day and later\n\n"
      "Each commit is a line, and each of its events one behind it, with position, revision and\n"
      "recorded time. Commits are whole: the first is the one that holds the first event wanted.\n"
      "What `log load` makes of a whole dump is the same log, byte for byte.");
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunDump(*options, session); };
  });
}

void AddLoad(CLI::App& log, Run* chosen) {
  auto options = std::make_shared<AppendLinesOptions>();
  options->parse = EventToAppend;
  const auto append = std::make_shared<bool>(false);
  CLI::App* command = log.add_subcommand("load", "Make a log from a dump");
  command->add_option("FILE", options->file, "The dump, or - for standard input")->required();
  CLI::Option* flag = command->add_flag(
      "--append", *append, "Append its events to a log that runs, instead of making the same log");
  command->add_flag("--dry-run", options->dry_run, "Check everything, store nothing")->needs(flag);
  command->add_flag("--backfill", options->backfill, "It alerts nobody")->needs(flag);
  command->footer(
      "Examples:\n"
      "  entente log load copy.jsonl --data NEW         the same log again, byte for byte\n"
      "  entente log load copy.jsonl --append           its events into a log that runs\n\n"
      "Makes, in a data directory without a log and without a service on it, the log that was\n"
      "dumped: the same positions, recorded times and hashes. A dump that was changed or is not\n"
      "whole is refused, and leaves no log.\n"
      "With --append, ids, content and order are those of the dump; positions and recorded times\n"
      "are the running log's own. What is in it already is a duplicate and changes nothing; "
      "events\n"
      "about the dumped log itself (admin/...) and erased ones are left out.");
  command->callback([options, append, chosen] {
    *chosen = [options, append](Session& session) {
      return *append ? AppendLines(*options, session) : RunLoad(options->file, session);
    };
  });
}

}  // namespace

void AddLog(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("log", "Verify, dump or load the log; erase an event");
  command->require_subcommand(1);
  command->footer(kExamples);
  AddVerifyLog(*command, chosen);
  AddDump(*command, chosen);
  AddLoad(*command, chosen);
  AddErase(*command, chosen);
}

}  // namespace entente::cli
