// entente-query: answers and subscriptions, on a replica of the views.
#include <fmt/format.h>

#include <cstdio>
#include <zmq.hpp>

#include "services/query/service.h"
#include "services/settings/exit_code.h"
#include "services/settings/flags.h"
#include "services/settings/journal.h"
#include "services/settings/running.h"
#include "services/settings/stop_signals.h"

namespace settings = entente::settings;

namespace {

int Failed(const entente::Error& error) {
  fmt::print(stderr, "entente-query: {}\n", error.ToString());
  return settings::ExitCodeOf(error);
}

}  // namespace

int main(int argc, char** argv) {
  const auto given = settings::SettingsFromCommandLine(
      argc, argv, "entente-query",
      "Answers questions from its own replica of the views, and pushes what changes.", {"query"});
  if (!given) return given.error();
  settings::StopSignals signals;
  settings::OpenJournal(given->log_level);
  const settings::Journal journal("query");
  journal.Debug("settings", {{"toml", settings::ToToml(*given)}});

  zmq::context_t context;
  auto service = entente::query::Service::Start({.data = given->data,
                                                 .projector = given->query.projector,
                                                 .ingest = given->query.ingest,
                                                 .listen = given->query.listen,
                                                 .tail = given->query.tail,
                                                 .subscriptions = given->query.subscriptions,
                                                 .subscriptions_at = given->query.subscriptions_at,
                                                 .allow_plaintext = given->allow_plaintext,
                                                 .marker = "",
                                                 .shared_store = nullptr},
                                                context);
  if (!service) return Failed(service.error());
  auto entry = settings::RunningEntry::Enter(given->data, "query", (*service)->endpoint(),
                                             (*service)->tail_endpoint());
  if (!entry) return Failed(entry.error());
  fmt::print("query {}\ntail {}\n", (*service)->endpoint(), (*service)->tail_endpoint());
  std::fflush(stdout);

  signals.Wait();
  (*service)->Stop();
  return settings::kStoppedAsAsked;
}
