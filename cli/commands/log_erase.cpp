#include "cli/commands/log_erase.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>

#include "log/erase.h"

namespace entente::cli {
namespace {

constexpr const char* kAbout = R"(Examples:
  entente log erase 1207 --reason "Order 27 O 123/21" --by "Landgericht Berlin"

Empties what an event says, for ever: nothing of it is left in any file of the log but its stream,
its id, its place and its digests, so that the chain still verifies and the event, sent again, is
known. The order is logged first, with reason and authority, which stay: do not name in them what is
to be forgotten. `entente log verify` lists all that was erased.

The services have to be stopped. Once they run again, views that were made of the event are built
anew and then removed, here and in every replica. Copies you made yourself (backups, dumps) and
changes that durable subscriptions hold are yours to look after; so are other events that say the
same: each is erased by itself.)";

struct EraseOptions {
  std::uint64_t position = 0;
  std::string reason;
  std::string by;
  bool yes = false;
};

// By a person, who sees what it is about.
bool Confirmed(Session& session, const v1::RecordedEvent& event) {
  session.PrintJson(event);
  session.Print(fmt::format("This event will be gone for ever. Type its position to erase it: "));
  std::string typed;
  std::getline(std::cin, typed);
  return typed == std::to_string(event.position());
}

ExitCode RunErase(const EraseOptions& options, Session& session) {
  const auto directory = session.data() / "log";
  const Position position(options.position);
  const auto target = log::FindErasureTarget(directory, position);
  if (!target) return session.Complain(target.error());
  if (!target->order && !options.yes) {
    if (::isatty(STDIN_FILENO) != 1) {
      return session.Refuse(Fail(Reason::kFieldRequired, "--yes", "",
                                 "nobody is there to be asked whether the event is to be erased")
                                .value());
    }
    if (!Confirmed(session, target->event)) {
      session.Warn("Nothing was changed.");
      return ExitCode::kRefused;
    }
  }
  const auto order = log::EraseEvent(directory, position, options.by, options.reason);
  if (!order) return session.Complain(order.error());
  if (target->empty) session.Warn("It was erased before; nothing was changed.");
  session.Print(InWords(*order) + "\n");
  if (!target->empty) {
    session.Print("Views made of it are built anew, and removed, once the services run again.\n");
  }
  return ExitCode::kDone;
}

}  // namespace

std::string InWords(const log::ErasureOrder& order) {
  const std::string of = order.authority.empty() ? "" : " of " + order.authority;
  return fmt::format("Position {} was erased by order{} (position {}, {}): {}",
                     order.position.value(), of, order.ordered_at.value(),
                     ToRfc3339(order.recorded).substr(0, 10), order.why);
}

void AddErase(CLI::App& log, Run* chosen) {
  auto options = std::make_shared<EraseOptions>();
  CLI::App* command = log.add_subcommand("erase", "Empty what an event says, for ever");
  command->add_option("position", options->position, "Of the event")
      ->type_name("POSITION")
      ->required();
  command->add_option("--reason", options->reason, "Why; kept in the log")
      ->type_name("TEXT")
      ->required();
  command->add_option("--by", options->by, "Who ordered it; kept in the log")->type_name("WHO");
  command->add_flag("--yes", options->yes, "Do not ask");
  command->footer(kAbout);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunErase(*options, session); };
  });
}

}  // namespace entente::cli
