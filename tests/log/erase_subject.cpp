// A program to be killed: erases position 2 of a log, and kills itself before its nth operation on
// files.
//
//     log_erase_subject DIRECTORY NTH
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "log/erase.h"
#include "tests/log/faulty_file_system.h"

int main(int argc, char** argv) {
  using entente::log::FaultyFileSystem;
  if (argc != 3) return 2;
  std::atomic<int> left{std::atoi(argv[2])};
  FaultyFileSystem disk;
  disk.Observe([&left](FaultyFileSystem::Operation, const std::string&) {
    if (--left == 0) kill(getpid(), SIGKILL);
  });
  entente::log::LogOptions options;
  options.env = disk.env();
  const auto erased = entente::log::EraseEvent(argv[1], entente::Position(2), "Landgericht",
                                               "order 27 O 123/21", options);
  if (erased) return 0;
  fmt::print(stderr, "{}\n", erased.error().ToString());
  return 1;
}
