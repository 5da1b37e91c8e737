// Another program, started and stopped by us.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace entente::bench {

class Child {
 public:
  // Its output goes to `output`. The child dies with us.
  Child(const std::vector<std::string>& command, const std::string& output);
  ~Child();  // SIGTERM, and waits
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // kill -9, and waits.
  void Kill();
  bool running();

 private:
  void End(int signal);
  pid_t pid_ = -1;
};

// Whether a program of this name is on the PATH or where Debian keeps servers; its path.
std::string FindProgram(const std::string& name);
// A port that was free a moment ago.
std::uint16_t FreePort();

}  // namespace entente::bench
