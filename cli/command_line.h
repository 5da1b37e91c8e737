// The whole command line: parse it, run the command it chose.
#pragma once

#include "cli/exit_code.h"

namespace entente::cli {

// Reads arguments and environment, runs, and says how it went. Prints to the standard streams.
ExitCode RunCommandLine(int argc, const char* const* argv);

}  // namespace entente::cli
