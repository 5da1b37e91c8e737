#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/render/generations.h"
#include "cli/render/names.h"

namespace entente::cli {
namespace {

struct ParkedOptions {
  std::uint64_t after = 0;
  std::uint32_t limit = 100;
  std::string generation;
};

constexpr const char* kExamples = R"(Examples:
  entente parked
  entente parked --after 4711 --json
  entente parked --generation g1      of another than the current one, also of one being built

Events that are in the log and in no answer, since the projector could not fold them: each with its
position and what is wrong. `entente log dump --from POSITION` shows one. Once a program that can
read them runs, `entente rebuild` folds them.)";

std::string Summary(const ParkedOptions& options, const v1::ParkedEventsReply& all) {
  if (!all.parked().empty()) {
    return fmt::format("\n{} parked in {}.{}\n",
                       render::Counted(static_cast<std::uint64_t>(all.parked_size()), "event"),
                       all.generation(),
                       all.more() ? " There are more; ask for more with --limit." : "");
  }
  if (options.generation.empty()) return "No event is parked: all of the log is in the views.\n";
  return fmt::format("No event is parked in {}.\n", all.generation());
}

ExitCode RunParked(const ParkedOptions& options, Session& session) {
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  constexpr std::uint32_t kPageMax = 1000;
  v1::ParkedEventsRequest request;
  request.set_after_position(options.after);
  request.set_generation(options.generation);
  v1::ParkedEventsReply all;
  while (true) {
    const auto held = static_cast<std::uint32_t>(all.parked_size());
    request.set_page_size(options.limit == 0 ? kPageMax : std::min(kPageMax, options.limit - held));
    const auto page = (*client)->Ask(request);
    if (!page) return session.Complain(page.error());
    all.MergeFrom(*page);
    all.set_more(page->more());
    const bool full =
        options.limit != 0 && static_cast<std::uint32_t>(all.parked_size()) >= options.limit;
    if (!page->more() || page->parked().empty() || full) break;
    request.set_after_position(page->parked().rbegin()->position());
  }
  if (session.json()) {
    for (const auto& one : all.parked()) session.PrintJson(one);
    all.clear_parked();
    session.PrintJson(all);
    return ExitCode::kDone;
  }
  session.Print(render::ParkedEvents(all.parked(), session.style()));
  session.Print(Summary(options, all));
  return ExitCode::kDone;
}

}  // namespace

void AddParked(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<ParkedOptions>();
  CLI::App* command = app.add_subcommand("parked", "Events that could not be projected, and why");
  command->add_option("--after", options->after, "Only those above this position")
      ->type_name("POSITION");
  command->add_option("--limit", options->limit, "At most so many events; 0: all")
      ->capture_default_str();
  command
      ->add_option("--generation", options->generation,
                   "Of this generation (entente generations); default: the current one")
      ->type_name("NAME");
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunParked(*options, session); };
  });
}

}  // namespace entente::cli
