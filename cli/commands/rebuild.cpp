#include "views/generations/rebuild.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "views/generations/generations.h"

namespace entente::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  entente rebuild
  entente rebuild --data /var/lib/entente

Folds the whole log into new views beside the present ones and makes them current. Nothing may run
on the directory; the services use the new views when they start. The views before are kept. The
digest is over every row in key order: the same log gives the same digest.)";

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

ExitCode RunRebuild(Session& session) {
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
      views::RebuildViews(**log, data / "views", [&](const views::RebuildProgress& at) {
        progress.Show(at.done.value(), at.done.value(), at.goal.value());
        return !interrupts.Came();
      });
  progress.Wipe();
  if (!rebuilt) return session.Complain(rebuilt.error());
  session.Print(fmt::format("Built {} up to position {}: {} rows, digest {}.\n{}\n",
                            rebuilt->generation, rebuilt->checkpoint.position.value(),
                            rebuilt->digest.rows, Hex(rebuilt->digest.sha256),
                            before ? Compared(*before, *rebuilt) : ""));
  if (rebuilt->parked > 0) {
    session.Print(fmt::format("{} events could not be projected; `entente status` shows them.\n",
                              rebuilt->parked));
  }
  return ExitCode::kDone;
}

}  // namespace

void AddRebuild(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("rebuild", "Build the views anew from the log (offline)");
  command->footer(kExamples);
  command->callback([chosen] { *chosen = RunRebuild; });
}

}  // namespace entente::cli
