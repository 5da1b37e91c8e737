// What a rebuild would change, without changing anything.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/session.h"

namespace entente::cli {

// Folds the log by this program's rules in a directory below `scratch` (empty: the temporary one)
// up to where the present views stand, running or not, and prints what the two say differently of
// meetings: a table, or with --json a MeetingDiff for each and a DiffReply.
ExitCode RehearseRebuild(Session& session, const std::string& scratch);

}  // namespace entente::cli
