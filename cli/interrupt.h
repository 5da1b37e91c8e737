// Ctrl-C and SIGTERM as something that a loop can look at.
#pragma once

#include <csignal>

namespace entente::cli {

// While it lives SIGINT, SIGTERM and SIGHUP do not end the process: made before any thread, it
// blocks them for all threads to come, and only it takes them. Once one was taken, the next ends
// the process at once. One thread.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // One has come. Does not wait.
  bool Came();

 private:
  void Release();

  sigset_t held_{};
  sigset_t before_{};
  bool came_ = false;
};

}  // namespace entente::cli
