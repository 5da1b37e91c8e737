#include "services/settings/running.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "temporary_directory.h"

namespace entente::settings {
namespace {

TEST(Running, AnEntryLivesAsLongAsItsOwner) {
  const TemporaryDirectory data;
  EXPECT_TRUE(ReadRunning(data.path())->empty());
  auto ingest = RunningEntry::Enter(data.path(), "ingest", "tcp://127.0.0.1:1");
  ASSERT_TRUE(ingest) << ingest.error().ToString();
  {
    auto query = RunningEntry::Enter(data.path(), "query", "tcp://127.0.0.1:2", "ipc://\"odd\"");
    ASSERT_TRUE(query);
    const auto running = ReadRunning(data.path());
    ASSERT_EQ(running->size(), 2U);
    EXPECT_EQ(running->at("ingest").endpoint, "tcp://127.0.0.1:1");
    EXPECT_EQ(running->at("query").tail, "ipc://\"odd\"");
    EXPECT_EQ(running->at("query").pid, getpid());
  }
  EXPECT_EQ(ReadRunning(data.path())->size(), 1U);
  {
    const RunningEntry moved = std::move(*ingest);
  }
  EXPECT_TRUE(ReadRunning(data.path())->empty());
  EXPECT_FALSE(std::filesystem::exists(data.path() / "endpoints.toml"));
}

TEST(Running, AProcessThatIsGoneDoesNotRun) {
  const TemporaryDirectory data;
  const pid_t child = fork();
  if (child == 0) {
    auto entry = RunningEntry::Enter(data.path(), "projector", "tcp://127.0.0.1:3");
    _exit(entry ? 0 : 1);  // without its destructor, as after a crash
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(std::filesystem::exists(data.path() / "endpoints.toml"));
  EXPECT_TRUE(ReadRunning(data.path())->empty());
}

TEST(Running, ManyMayStartAndStopAtOnce) {
  const TemporaryDirectory data;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const std::string name = "s" + std::to_string(i);
      for (int round = 0; round < 20; ++round) {
        auto entry = RunningEntry::Enter(data.path(), name, "inproc://" + name);
        ASSERT_TRUE(entry);
        EXPECT_EQ(ReadRunning(data.path())->at(name).endpoint, "inproc://" + name);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(ReadRunning(data.path())->empty());
}

TEST(Running, AFileOfAnotherKindIsNamedAndThenReplaced) {
  const TemporaryDirectory data;
  std::ofstream(data.path() / "endpoints.toml") << "not = [toml";
  EXPECT_EQ(ReadRunning(data.path()).error().reason, Reason::kConfigInvalid);
  auto entry = RunningEntry::Enter(data.path(), "ingest", "inproc://i");
  ASSERT_TRUE(entry);
  EXPECT_EQ(ReadRunning(data.path())->size(), 1U);
}

TEST(Running, NeedsADirectory) {
  const TemporaryDirectory data;
  EXPECT_EQ(RunningEntry::Enter(data.path() / "none", "ingest", "inproc://i").error().reason,
            Reason::kFileUnreadable);
}

}  // namespace
}  // namespace entente::settings
