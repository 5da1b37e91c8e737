#include "views/generations/rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/build_watch.h"
#include "cli/commands/commands.h"
#include "cli/commands/rebuild_rehearsal.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/render/generations.h"
#include "cli/render/names.h"
#include "views/generations/generations.h"

namespace entente::cli {
namespace {

struct RebuildOptions {
  bool watch = false;
  bool hold = false;
  bool stop_at_poison = false;
  bool dry_run = false;
  std::string scratch;
};

constexpr const char* kExamples = R"(Examples:
  entente rebuild --dry-run      what the views would say differently, if built by this program
  entente rebuild --watch        beside running services, and look on
  entente rebuild --hold         wait at the head for: entente generations swap
  entente rebuild --data /var/lib/entente

Folds the whole log into new views beside the present ones, which answer until the new ones have
caught up and take over. The views before are kept: `entente rollback` goes back to them. Where
nothing runs, the command builds them itself; the services use them when they start, and the digest
it prints is over every row in key order: the same log gives the same digest.)";

std::string Hex(const log::Digest& digest) {
  std::string text;
  for (const auto byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

// What the current generation holds before it is replaced; nullopt where there is none.
struct Before {
  std::string generation;
  Position position;
  views::RowsDigest digest;
};

Result<std::optional<Before>> LookAtCurrent(const std::filesystem::path& directory) {
  std::error_code ignored;
  if (!std::filesystem::exists(directory, ignored)) return std::nullopt;
  auto generations = views::Generations::Open(directory);
  if (!generations) return Fail(std::move(generations.error()));
  if (generations->current().empty()) return std::nullopt;
  auto store = generations->OpenCurrent();
  if (!store) return Fail(std::move(store.error()));
  const auto snapshot = (*store)->TakeSnapshot();
  const auto digest = views::DigestOfRows(*snapshot);
  if (!digest) return Fail(digest.error());
  return Before{generations->current(), snapshot->checkpoint().position, *digest};
}

std::string Compared(const std::optional<Before>& before, const views::Rebuilt& rebuilt) {
  if (!before) return "There were no views before.";
  if (before->position != rebuilt.checkpoint.position) {
    return fmt::format("{} stood at position {} and cannot be compared.", before->generation,
                       before->position.value());
  }
  return before->digest.sha256 == rebuilt.digest.sha256
             ? fmt::format("Byte for byte the same as {}.", before->generation)
             : fmt::format("Differs from {}, which had digest {}.", before->generation,
                           Hex(before->digest.sha256));
}

// Once services run, `entente parked` lists them all.
constexpr std::size_t kParkedToldMax = 20;

std::string InWords(const std::vector<views::Parked>& parked) {
  std::string text =
      fmt::format("{} could not be folded and {} in no answer:\n",
                  render::Counted(parked.size(), "event"), parked.size() == 1 ? "is" : "are");
  for (const views::Parked& one :
       std::span(parked).first(std::min(parked.size(), kParkedToldMax))) {
    text += fmt::format("  position {}: {}\n", one.position.value(), one.error.ToString());
  }
  if (parked.size() > kParkedToldMax) text += "The others: entente parked, once services run.\n";
  return text;
}

ExitCode RebuildOffline(const RebuildOptions& options, Session& session) {
  const std::filesystem::path& data = session.data();
  if (!std::filesystem::exists(data / "log")) {
    return session.Complain(
        Fail(Reason::kFileUnreadable, "--data", data.string(), "there is no log in this directory")
            .value());
  }
  Interrupts interrupts;
  auto log = log::Log::Open(data / "log", {});
  if (!log) return session.Complain(log.error());
  auto before = LookAtCurrent(data / "views");
  // Views that cannot be read are a reason to rebuild, not to give up.
  if (!before) session.Warn("entente: the present views: " + before.error().ToString());

  Progress progress(session.error_is_terminal());
  const auto rebuilt =
      views::RebuildViews(**log, data / "views",
                          [&](const views::RebuildProgress& at) {
                            progress.Show(at.done.value(), at.done.value(), at.goal.value());
                            return !interrupts.Came();
                          },
                          {.stop_at_poison = options.stop_at_poison});
  progress.Wipe();
  if (!rebuilt) return session.Complain(rebuilt.error());
  session.Print(fmt::format("Built {} up to position {}: {} rows, digest {}.\n{}\n",
                            rebuilt->generation, rebuilt->checkpoint.position.value(),
                            rebuilt->digest.rows, Hex(rebuilt->digest.sha256),
                            before ? Compared(*before, *rebuilt) : ""));
  if (!rebuilt->parked.empty()) session.Print(InWords(rebuilt->parked));
  return ExitCode::kDone;
}

ExitCode RebuildOnline(const RebuildOptions& options, Session& session) {
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  v1::ChangeGenerationsRequest request;
  request.mutable_rebuild()->set_hold(options.hold);
  request.mutable_rebuild()->set_stop_at_poison(options.stop_at_poison);
  const auto reply = (*client)->Ask(request);
  if (!reply) return session.Complain(reply.error());
  if (options.watch && reply->has_building()) {
    return WatchBuild(session, **client, reply->building().generation());
  }
  session.json() ? session.PrintJson(*reply)
                 : session.Print(render::Generations(*reply, session.style()));
  return ExitCode::kDone;
}

ExitCode RunRebuild(const RebuildOptions& options, Session& session) {
  if (options.dry_run) return RehearseRebuild(session, options.scratch);
  const auto endpoints = session.FindEndpoints();
  if (endpoints && !endpoints->projector.empty()) return RebuildOnline(options, session);
  if (options.hold) {
    return session.Refuse(
        Fail(Reason::kQueryInvalid, "--hold", "",
             "this asks something of a running projector, and none runs on this directory")
            .value());
  }
  return RebuildOffline(options, session);
}

}  // namespace

void AddRebuild(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("rebuild", "Build the views anew from the log");
  auto options = std::make_shared<RebuildOptions>();
  command->add_flag("--watch", options->watch, "Look on until the new views have taken over");
  command->add_flag("--hold", options->hold, "Do not take over: wait for generations swap");
  command->add_flag("--stop-at-poison", options->stop_at_poison,
                    "Stop at the first event that cannot be projected, instead of parking it");
  CLI::Option* dry_run =
      command->add_flag("--dry-run", options->dry_run,
                        "Change nothing: say what the new views would say differently");
  command
      ->add_option("--scratch", options->scratch,
                   "Where to fold for --dry-run; default: the temporary directory")
      ->type_name("DIR")
      ->needs(dry_run);
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunRebuild(*options, session); };
  });
}

}  // namespace entente::cli
