// entente-ingest as an operator meets it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "client/client.h"
#include "events.h"
#include "services/settings/running.h"
#include "tests/services/settings/temporary_directory.h"

namespace entente::ingest {
namespace {

using client::Client;

// The program with its stdout in a pipe and its stderr in a file.
class Program {
 public:
  Program(std::filesystem::path errors, std::vector<std::string> arguments)
      : errors_(std::move(errors)) {
    arguments.insert(arguments.begin(), ENTENTE_BIN_DIR "/entente-ingest");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int out[2] = {};
    EXPECT_EQ(pipe2(out, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors_.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    EXPECT_EQ(posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    out_ = out[0];
  }
  ~Program() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      (void)Wait();
    }
    close(out_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The endpoint on its first line; empty when it ends without one.
  std::string Endpoint() const {
    std::string line;
    char c = 0;
    while (read(out_, &c, 1) == 1 && c != '\n') line += c;
    return line.starts_with("ingest ") ? line.substr(7) : "";
  }
  pid_t pid() const { return pid_; }
  void Signal(int signal) const { kill(pid_, signal); }
  // Its exit code, or minus the signal that ended it.
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string Errors() const {
    std::ostringstream text;
    text << std::ifstream(errors_).rdbuf();
    return text.str();
  }

 private:
  const std::filesystem::path errors_;
  pid_t pid_ = 0;
  int out_ = -1;
};

class IngestProgram : public testing::Test {
 protected:
  std::unique_ptr<Program> Start() {
    return std::make_unique<Program>(
        directory.path() / ("stderr" + std::to_string(++started)),
        std::vector<std::string>{"--data", data, "--listen", "tcp://127.0.0.1:*"});
  }
  settings::TemporaryDirectory directory;
  const std::string data = directory.path() / "data";
  int started = 0;
};

TEST_F(IngestProgram, IsFoundByItsDataDirectoryUntilItStops) {
  auto program = Start();
  const std::string endpoint = program->Endpoint();
  ASSERT_NE(endpoint, "") << program->Errors();
  const auto running = settings::ReadRunning(data);
  ASSERT_TRUE(running);
  EXPECT_EQ(running->at("ingest").endpoint, endpoint);
  Client client({.ingest = endpoint});
  ASSERT_TRUE(client.Append(Batch({Postponed("a")})));
  program->Signal(SIGTERM);
  EXPECT_EQ(program->Wait(), 0) << program->Errors();
  EXPECT_TRUE(settings::ReadRunning(data)->empty());
  EXPECT_THAT(program->Errors(), testing::HasSubstr("event=stopped"));
}

TEST_F(IngestProgram, ASecondOneSaysWhoHoldsTheDirectory) {
  auto first = Start();
  const std::string endpoint = first->Endpoint();
  ASSERT_NE(endpoint, "") << first->Errors();
  auto second = Start();
  EXPECT_EQ(second->Endpoint(), "");
  EXPECT_EQ(second->Wait(), 3);
  EXPECT_THAT(second->Errors(), testing::HasSubstr("STORE_BUSY"));
  EXPECT_THAT(second->Errors(), testing::HasSubstr(std::to_string(first->pid())));
  EXPECT_EQ(settings::ReadRunning(data)->at("ingest").pid, first->pid());
  Client client({.ingest = endpoint});
  EXPECT_TRUE(client.Append(Batch({Postponed("a")}))) << "the first is not harmed";
}

TEST_F(IngestProgram, AKillLosesNothingAcknowledged) {
  for (std::uint64_t round = 0; round < 5; ++round) {
    auto program = Start();
    const std::string endpoint = program->Endpoint();
    ASSERT_NE(endpoint, "") << program->Errors();
    Client client({.ingest = endpoint});
    EXPECT_EQ(client.Status(Client::Service::kIngest)->durable_position(), round * 20);
    for (std::uint64_t number = round * 20; number < (round + 1) * 20; ++number) {
      const auto reply = client.Append(Batch({Postponed("k" + std::to_string(number))}));
      ASSERT_TRUE(reply) << reply.error().front().ToString();
      EXPECT_EQ(reply->events(0).position(), number + 1);
    }
    program->Signal(SIGKILL);
    EXPECT_EQ(program->Wait(), -SIGKILL);
  }
}

TEST_F(IngestProgram, WhatCannotBeUsedIsNamed) {
  const std::string file = directory.path() / "entente.toml";
  std::ofstream(file) << "[ingest]\nlissen = \"tcp://127.0.0.1:1\"\n";
  struct Case {
    std::vector<std::string> arguments;
    std::string message;
  };
  const Case cases[] = {
      {{"--config", file}, "CONFIG_INVALID at ingest.lissen"},
      {{"--config", file + ".none"}, "FILE_UNREADABLE"},
      {{"--no-such-flag"}, "--no-such-flag"},
      {{"--listen", "tcp://0.0.0.0:7400"}, "ENDPOINT_REFUSED"},
  };
  for (const Case& c : cases) {
    std::vector<std::string> arguments = {"--data", data};
    arguments.insert(arguments.end(), c.arguments.begin(), c.arguments.end());
    Program program(directory.path() / "stderr", arguments);
    EXPECT_EQ(program.Wait(), 2) << c.message;
    EXPECT_THAT(program.Errors(), testing::HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace entente::ingest
