// Looks on while the projector builds a generation.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "client/client.h"

namespace entente::cli {

// Asks the projector again and again, shows how far `generation` is, and says how it ended: it is
// current, held, given up, or does not go on. Ends early when the user interrupts; the building
// goes on. With --json each look is a GenerationBuild, and the end a GenerationsReply.
ExitCode WatchBuild(Session& session, client::Client& client, const std::string& generation);

}  // namespace entente::cli
