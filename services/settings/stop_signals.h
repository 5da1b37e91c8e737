// Stopping on SIGTERM and SIGINT.
#pragma once

#include <csignal>

namespace entente::settings {

// Made by main before any other thread is, so that all threads leave the signals to Wait.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Returns the signal that came. From then on a second one ends the process at once, for those
  // who do not want to wait until it has drained.
  int Wait();

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace entente::settings
