// One of our programs as a process.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace entente::serve {

// Started by the constructor; killed by the destructor if it still runs.
class Process {
 public:
  // `program` of the build's bin directory.
  Process(const std::string& program, const std::vector<std::string>& arguments);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The next line it prints, without the newline; empty at its end.
  std::string Line();
  // SIGKILL, and waits until it is gone.
  void Kill();
  // SIGTERM; its exit code, or -1 when a signal ended it.
  int Stop();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  int Wait();

  pid_t pid_ = 0;
  std::unique_ptr<std::FILE, Close> out_;
};

}  // namespace entente::serve
