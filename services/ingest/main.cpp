// entente-ingest: the log's own process.
#include <fmt/format.h>

#include <cstdio>
#include <zmq.hpp>

#include "services/ingest/service.h"
#include "services/settings/exit_code.h"
#include "services/settings/flags.h"
#include "services/settings/journal.h"
#include "services/settings/running.h"
#include "services/settings/stop_signals.h"

namespace settings = entente::settings;

namespace {

int Failed(const entente::Error& error) {
  fmt::print(stderr, "entente-ingest: {}\n", error.ToString());
  return settings::ExitCodeOf(error);
}

}  // namespace

int main(int argc, char** argv) {
  const auto given = settings::SettingsFromCommandLine(
      argc, argv, "entente-ingest",
      "Takes reports about meetings, keeps them in the log, and lets others read it.", {"ingest"});
  if (!given) return given.error();
  settings::StopSignals signals;
  settings::OpenJournal(given->log_level);
  const settings::Journal journal("ingest");
  journal.Debug("settings", {{"toml", settings::ToToml(*given)}});

  zmq::context_t context;
  auto service = entente::ingest::Service::Start({.data = given->data,
                                                  .listen = given->ingest.listen,
                                                  .allow_plaintext = given->allow_plaintext,
                                                  .marker = ""},
                                                 context);
  if (!service) return Failed(service.error());
  auto entry = settings::RunningEntry::Enter(given->data, "ingest", (*service)->endpoint());
  if (!entry) return Failed(entry.error());
  fmt::print("ingest {}\n", (*service)->endpoint());
  std::fflush(stdout);

  signals.Wait();
  (*service)->Stop();
  return settings::kStoppedAsAsked;
}
