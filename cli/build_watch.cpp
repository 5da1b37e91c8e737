#include "cli/build_watch.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/render/generations.h"

namespace entente::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks(200);

bool IsBuilding(const v1::GenerationsReply& reply, const std::string& generation) {
  return reply.has_building() && reply.building().generation() == generation;
}

bool IsCurrent(const v1::GenerationsReply& reply, const std::string& generation) {
  for (const v1::Generation& one : reply.generations()) {
    if (one.name() == generation) return one.state() == v1::Generation::current;
  }
  return false;
}

struct Ending {
  std::string words;
  ExitCode code;
};

Ending EndingOf(const v1::GenerationsReply& reply, const std::string& generation) {
  if (IsBuilding(reply, generation)) {
    const bool held = reply.building().held() && reply.building().trouble().empty();
    return {render::BuildInWords(reply.building()) + ".",
            held ? ExitCode::kDone : ExitCode::kBlocked};
  }
  if (IsCurrent(reply, generation)) return {generation + " is current.", ExitCode::kDone};
  return {generation + " is no longer being built, and is not current.", ExitCode::kRefused};
}

}  // namespace

ExitCode WatchBuild(Session& session, client::Client& client, const std::string& generation) {
  Interrupts interrupts;
  Progress progress(session.error_is_terminal());
  while (true) {
    const auto reply = client.Ask(v1::GenerationsRequest());
    if (!reply) {
      progress.Wipe();
      return session.Complain(reply.error());
    }
    const v1::GenerationBuild& build = reply->building();
    if (IsBuilding(*reply, generation) && !build.held() && build.trouble().empty()) {
      if (session.json()) session.PrintJson(build);
      progress.Show(render::PartDone(build), render::BuildInWords(build));
      if (interrupts.Came()) {
        progress.Wipe();
        session.Warn(generation + " goes on being built; entente generations cancel gives it up.");
        return ExitCode::kDone;
      }
      std::this_thread::sleep_for(kBetweenLooks);
      continue;
    }
    progress.Wipe();
    const Ending ending = EndingOf(*reply, generation);
    session.json() ? session.PrintJson(*reply) : session.Print(ending.words + "\n");
    return ending.code;
  }
}

}  // namespace entente::cli
