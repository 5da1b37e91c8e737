#include <csignal>

#include "cli/command_line.h"

int main(int argc, char** argv) {
  // A reader that went away (`entente timeline | head`) is seen as a write that fails.
  std::signal(SIGPIPE, SIG_IGN);
  return static_cast<int>(entente::cli::RunCommandLine(argc, argv));
}
