#include "tests/services/serve/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <utility>

extern char** environ;

namespace entente::serve {

Process::Process(const std::string& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  const std::string path = std::string(ENTENTE_BIN_DIR) + "/" + program;
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  const int failed = posix_spawn(&pid_, path.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  out_.reset(::fdopen(pipe[0], "r"));
  EXPECT_EQ(failed, 0) << path << ": " << std::strerror(failed);
}

Process::~Process() { Kill(); }

std::string Process::Line() {
  std::string line;
  for (int c = std::fgetc(out_.get()); c != EOF && c != '\n'; c = std::fgetc(out_.get())) {
    line.push_back(static_cast<char>(c));
  }
  return line;
}

void Process::Kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  Wait();
}

int Process::Stop() {
  ::kill(pid_, SIGTERM);
  return Wait();
}

int Process::Wait() {
  int status = 0;
  ::waitpid(std::exchange(pid_, 0), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace entente::serve
