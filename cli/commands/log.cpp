#include "log/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "cli/append_lines.h"
#include "cli/commands/commands.h"
#include "cli/log_reading.h"
#include "cli/render/names.h"
#include "formats/json_lines.h"
#include "log/chain_walk.h"

namespace entente::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  entente log verify                 is every byte what was appended?
  entente log dump >copy.jsonl       every event with position and recorded time
  entente log load copy.jsonl        the events of a dump into another log

They ask ingest where one runs, and read the data directory where none does.)";

struct DumpOptions {
  std::uint64_t from = 1;
};

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

Status Differs(const log::EventView& event, const char* part) {
  Error error = Fail(Reason::kStoreDamaged, "", "",
                     fmt::format("the {} of the event at position {} is not what was appended",
                                 part, event.position.value()))
                    .value();
  error.position = event.position;
  return Fail(std::move(error));
}

std::string_view BytesOf(const log::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Walks the chain and holds every event against its digests.
class Verifier {
 public:
  Status Take(const log::CommitView& commit) {
    if (Status step = chain_.Step(commit); !step) return step;
    ++commits_;
    for (std::uint32_t i = 0; i < commit.count(); ++i) {
      const log::EventView event = commit.event(i);
      if (event.erased) {
        ++erased_;
        continue;
      }
      if (BytesOf(sha_.Of(event.content)) != event.content_digest) return Differs(event, "content");
      if (BytesOf(sha_.Of(event.carriage)) != event.carriage_digest) {
        return Differs(event, "carriage");
      }
    }
    return {};
  }

  std::string Verdict() const {
    const log::ChainPoint& head = chain_.head();
    std::string text = fmt::format(
        "{} in {} are what was appended, in an unbroken chain.\n"
        "Head: position {}, hash {}\n",
        render::Counted(head.position.value(), "event"), render::Counted(commits_, "commit"),
        head.position.value(), Hex(BytesOf(head.hash)));
    if (erased_ > 0) text += fmt::format("{} of them were erased by order.\n", erased_);
    return text;
  }

 private:
  log::ChainWalk chain_{log::ChainPoint{}};
  log::Sha256 sha_;
  std::uint64_t commits_ = 0;
  std::uint64_t erased_ = 0;
};

ExitCode RunVerify(Session& session) {
  Verifier verifier;
  const auto read = ReadCommits(
      session, Position(1), [&](const log::CommitView& commit) { return verifier.Take(commit); });
  if (!read) return session.Complain(read.error());
  session.Print(verifier.Verdict());
  return ExitCode::kDone;
}

ExitCode RunDump(const DumpOptions& options, Session& session) {
  const Position from(std::max<std::uint64_t>(options.from, 1));
  bool wanted = true;
  const auto read = ReadCommits(session, from, [&](const log::CommitView& commit) -> Status {
    for (std::uint32_t i = 0; wanted && i < commit.count(); ++i) {
      const log::EventView event = commit.event(i);
      if (event.position >= from) wanted = session.PrintJson(log::ToRecordedEvent(event));
    }
    return wanted ? Status() : Fail(Reason::kStopping, "", "", "");
  });
  // A reader that went away has what it wanted.
  return read || !wanted ? ExitCode::kDone : session.Complain(read.error());
}

// The event of a dumped line; what the server sets is set anew.
Result<v1::NewEvent> EventOfDump(std::string_view line) {
  auto recorded = formats::RecordedEventFromJson(line);
  if (!recorded) return Fail(std::move(recorded.error()));
  return std::move(*recorded->mutable_event());
}

void AddVerifyLog(CLI::App& log, Run* chosen) {
  CLI::App* command = log.add_subcommand("verify", "Hold every event against its digest");
  command->footer(
      "Checks that positions have no gap, that each commit carries the hash of the one before, "
      "and\n"
      "that every event is byte for byte what was appended. Exit code 5 where it is not.");
  command->callback([chosen] { *chosen = RunVerify; });
}

void AddDump(CLI::App& log, Run* chosen) {
  auto options = std::make_shared<DumpOptions>();
  CLI::App* command = log.add_subcommand("dump", "Print every event, one JSON object a line");
  command->add_option("--from", options->from, "The first position")->capture_default_str();
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunDump(*options, session); };
  });
}

void AddLoad(CLI::App& log, Run* chosen) {
  auto options = std::make_shared<AppendLinesOptions>();
  options->parse = EventOfDump;
  CLI::App* command = log.add_subcommand("load", "Append the events of a dump");
  command->add_option("FILE", options->file, "The dump, or - for standard input")->required();
  command->add_flag("--dry-run", options->dry_run, "Check everything, store nothing");
  command->add_flag("--backfill", options->backfill, "It alerts nobody");
  command->footer(
      "Ids, content and order are those of the dump; positions and recorded times are this log's\n"
      "own. What is in the log already is a duplicate and changes nothing.");
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return AppendLines(*options, session); };
  });
}

}  // namespace

void AddLog(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("log", "Verify, dump or load the log");
  command->require_subcommand(1);
  command->footer(kExamples);
  AddVerifyLog(*command, chosen);
  AddDump(*command, chosen);
  AddLoad(*command, chosen);
}

}  // namespace entente::cli
