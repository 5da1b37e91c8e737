#include "cli/interrupt.h"

#include <ctime>
#include <initializer_list>

namespace entente::cli {

Interrupts::Interrupts() {
  sigemptyset(&held_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held_, signal);
  pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

Interrupts::~Interrupts() {
  if (!came_) Release();
}

void Interrupts::Release() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool Interrupts::Came() {
  if (came_) return true;
  const timespec at_once{};
  if (sigtimedwait(&held_, nullptr, &at_once) < 0) return false;
  came_ = true;
  Release();
  return true;
}

}  // namespace entente::cli
