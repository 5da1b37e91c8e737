// The commands of `entente`. Each adds itself to the command line, with options, examples and what
// to run when it is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/exit_code.h"
#include "cli/session.h"

namespace entente::cli {

// Set by the command that the command line chose.
using Run = std::function<ExitCode(Session&)>;

void AddServe(CLI::App& app, Run* chosen);
void AddStatus(CLI::App& app, Run* chosen);
void AddAppend(CLI::App& app, Run* chosen);
void AddImport(CLI::App& app, Run* chosen);
void AddTimeline(CLI::App& app, Run* chosen);
void AddMeeting(CLI::App& app, Run* chosen);
void AddSubject(CLI::App& app, Run* chosen);
void AddStats(CLI::App& app, Run* chosen);
void AddPending(CLI::App& app, Run* chosen);
void AddChanges(CLI::App& app, Run* chosen);
void AddDiff(CLI::App& app, Run* chosen);
void AddVocabularies(CLI::App& app, Run* chosen);  // countries, topics, kinds, series
void AddAlerts(CLI::App& app, Run* chosen);
void AddSubscription(CLI::App& app, Run* chosen);
void AddWatchlist(CLI::App& app, Run* chosen);
void AddRebuild(CLI::App& app, Run* chosen);
void AddGenerations(CLI::App& app, Run* chosen);  // generations, rollback, drop
void AddParked(CLI::App& app, Run* chosen);
void AddVerify(CLI::App& app, Run* chosen);
void AddLog(CLI::App& app, Run* chosen);
void AddExplain(CLI::App& app, Run* chosen);
void AddHelp(CLI::App& app, Run* chosen);

}  // namespace entente::cli
