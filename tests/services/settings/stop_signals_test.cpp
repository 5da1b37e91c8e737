#include "services/settings/stop_signals.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace entente::settings {
namespace {

TEST(StopSignals, WaitReturnsTheSignalWhicheverThreadItMeets) {
  StopSignals signals;
  std::thread other([] { (void)kill(getpid(), SIGTERM); });
  EXPECT_EQ(signals.Wait(), SIGTERM);
  other.join();
}

TEST(StopSignals, ASecondOneEndsTheProcess) {
  const pid_t child = fork();
  if (child == 0) {
    StopSignals signals;
    (void)kill(getpid(), SIGINT);
    (void)signals.Wait();
    (void)kill(getpid(), SIGTERM);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

}  // namespace
}  // namespace entente::settings
