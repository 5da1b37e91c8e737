// entente-projector: the views' own process.
#include <fmt/format.h>

#include <cstdio>
#include <zmq.hpp>

#include "services/projector/service.h"
#include "services/settings/exit_code.h"
#include "services/settings/flags.h"
#include "services/settings/journal.h"
#include "services/settings/running.h"
#include "services/settings/stop_signals.h"

namespace settings = entente::settings;

namespace {

int Failed(const entente::Error& error) {
  fmt::print(stderr, "entente-projector: {}\n", error.ToString());
  return settings::ExitCodeOf(error);
}

}  // namespace

int main(int argc, char** argv) {
  const auto given = settings::SettingsFromCommandLine(
      argc, argv, "entente-projector",
      "Reads the log from ingest, folds it into views, and sends their rows to query services.",
      {"projector"});
  if (!given) return given.error();
  settings::StopSignals signals;
  settings::OpenJournal(given->log_level);
  const settings::Journal journal("projector");
  journal.Debug("settings", {{"toml", settings::ToToml(*given)}});

  zmq::context_t context;
  auto service = entente::projector::Service::Start(
      {.data = given->data,
       .ingest = given->projector.ingest,
       .listen = given->projector.listen,
       .allow_plaintext = given->allow_plaintext,
       .poison = entente::projector::PoisonPolicyOf(given->projector.poison)},
      context);
  if (!service) return Failed(service.error());
  auto entry = settings::RunningEntry::Enter(given->data, "projector", (*service)->endpoint());
  if (!entry) return Failed(entry.error());
  fmt::print("projector {}\n", (*service)->endpoint());
  std::fflush(stdout);

  signals.Wait();
  (*service)->Stop();
  return settings::kStoppedAsAsked;
}
