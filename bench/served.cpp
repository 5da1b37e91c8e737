#include "bench/served.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "bench/give_up.h"
#include "services/settings/running.h"

extern char** environ;

namespace entente::bench {

namespace fs = std::filesystem;

Served::Served(const std::string& program, const fs::path& data)
    : data_(data), is_ours_(data.empty()) {
  if (is_ours_) {
    std::string name = (fs::temp_directory_path() / "entente-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) GiveUp("no temporary directory");
    data_ = name;
  }
  const std::string any = "tcp://127.0.0.1:*";
  std::vector<std::string> words = {program,
                                    "serve",
                                    "--data",
                                    data_.string(),
                                    "--ingest-listen",
                                    any,
                                    "--projector-listen",
                                    any,
                                    "--query-listen",
                                    any,
                                    "--query-tail",
                                    any};
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (posix_spawn(&pid_, program.c_str(), &files, nullptr, arguments.data(), environ) != 0) {
    GiveUp(program + " cannot be started");
  }
  posix_spawn_file_actions_destroy(&files);
  while (true) {
    const auto running = settings::ReadRunning(data_);
    if (running && running->contains("query")) {
      ingest_ = running->at("ingest").endpoint;
      query_ = running->at("query").endpoint;
      return;
    }
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) GiveUp(program + " ended at once");
    ::usleep(10'000);
  }
}

Served::~Served() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  std::error_code ignored;
  if (is_ours_) fs::remove_all(data_, ignored);
}

double Served::MemoryKiB() const { return bench::MemoryKiB(pid_); }

double MemoryKiB(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stod(line.substr(8));
  }
  return 0;
}

}  // namespace entente::bench
