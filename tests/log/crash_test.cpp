// Kill -9, at named points and at any: nothing acknowledged is lost, nothing else appears, no
// holes, the chain whole, every id still known.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <random>

#include "log/log.h"
#include "log/verify.h"
#include "tests/log/crash_oracle.h"
#include "tests/log/how_thorough.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

namespace fs = std::filesystem;

class CrashTest : public testing::Test {
 protected:
  // Runs the subject until it is killed: by itself at a point, or from here once its diary has
  // grown to a size. True if it died of that and not otherwise.
  bool RunUntilKilled(int seed, const std::string& point, int nth, std::uintmax_t diary_size = 0) {
    std::vector<std::string> words = {ENTENTE_CRASH_SUBJECT, (directory_.path() / "log").string(),
                                      diary_.string(), std::to_string(seed)};
    if (!point.empty()) {
      words.push_back(point);
      words.push_back(std::to_string(nth));
    }
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = 0;
    if (posix_spawn(&pid, words[0].c_str(), nullptr, nullptr, arguments.data(), environ) != 0) {
      ADD_FAILURE() << "cannot start " << words[0];
      return false;
    }
    if (diary_size > 0) {
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
      int ended = 0;
      while (DiarySize() < diary_size && waitpid(pid, &ended, WNOHANG) == 0 &&
             std::chrono::steady_clock::now() < deadline) {
      }
      kill(pid, SIGKILL);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

  std::uintmax_t DiarySize() const {
    std::error_code missing;
    const std::uintmax_t size = fs::file_size(diary_, missing);
    return missing ? 0 : size;
  }

  void CheckPromises(const std::string& when) {
    const CrashOracle oracle = CrashOracle::Read(diary_);
    {
      const auto log = OpenOrFail(directory_.path() / "log");
      ASSERT_TRUE(log) << when;
      std::map<std::string, std::uint64_t> stored;
      for (const auto& event : AllEvents(*log)) {
        ASSERT_EQ(event.position(), stored.size() + 1) << when << ": a hole";
        ASSERT_TRUE(oracle.intended.contains(event.event().id())) << when << ": never sent";
        const auto [at, first] = stored.emplace(event.event().id(), event.position());
        ASSERT_TRUE(first) << when << ": " << at->first << " is there twice";
      }
      std::size_t acknowledged = 0;
      for (const auto& [id, position] : oracle.intended) {
        if (position == 0) continue;
        ++acknowledged;
        ASSERT_TRUE(stored.contains(id)) << when << ": lost " << id << " at " << position;
        ASSERT_EQ(stored.at(id), position) << when << ": " << id << " moved";
      }
      acknowledged_ = acknowledged;
      in_flight_ = oracle.in_flight;

      LogClient client(*log);
      std::vector<v1::NewEvent> again;
      for (const auto& [id, position] : stored) {
        again.push_back(EventOf(id));
        if (again.size() < 5'000 && again.size() < stored.size()) continue;
        const auto reply = client.MustAppend(Batch(std::exchange(again, {})));
        for (const auto& event : reply.events()) {
          ASSERT_TRUE(event.duplicate()) << when << ": " << event.id() << " was forgotten";
          ASSERT_EQ(event.position(), stored.at(event.id())) << when;
        }
      }
    }
    const auto report = VerifyLog(directory_.path() / "log");
    ASSERT_TRUE(report) << report.error().ToString();
    ASSERT_FALSE(report->first_break) << when << ": " << report->first_break->ToString();
  }

  ScratchDirectory directory_;
  fs::path diary_ = directory_.path() / "diary";
  std::size_t acknowledged_ = 0;
  std::map<std::string, int> in_flight_;  // by seed
};

constexpr int kInFlight = 1'000;  // appends, at least

TEST_F(CrashTest, AtNamedPoints) {
  int seed = 0;
  int kills = 0;
  for (const char* point : {"before-sync", "after-sync", "hand-over", "taken-over", "opening"}) {
    for (const int nth : {1, 5, 2, 13}) {
      if (nth == 2 && Thoroughly(false, true)) break;
      const std::string when = fmt::format("{} {}", point, nth);
      kills += RunUntilKilled(++seed, point, nth);
      ASSERT_NO_FATAL_FAILURE(CheckPromises(when));
      if (point == std::string_view("opening")) continue;
      EXPECT_GE(in_flight_.at(std::to_string(seed)), kInFlight) << when;
    }
  }
  EXPECT_EQ(kills, Thoroughly(20, 10));
  EXPECT_GT(acknowledged_, 1'000);
}

TEST_F(CrashTest, AtAnyFileOperation) {
  std::mt19937 random(20210424);
  int kills = 0;
  const int rounds = Thoroughly(100, 5);
  for (int round = 0; round < rounds; ++round) {
    const int nth = static_cast<int>(random() % 400) + 1;
    kills += RunUntilKilled(1000 + round, "anywhere", nth);
    ASSERT_NO_FATAL_FAILURE(CheckPromises(fmt::format("operation {} of round {}", nth, round)));
  }
  EXPECT_EQ(kills, rounds);
}

TEST_F(CrashTest, AtAnyTime) {
  std::mt19937 random(20210505);
  int kills = 0;
  const int rounds = Thoroughly(100, 5);
  for (int round = 0; round < rounds; ++round) {
    const std::uintmax_t more = 80'000 + random() % 100'000;  // so that all are in flight
    const int seed = 2000 + round;
    kills += RunUntilKilled(seed, "", 0, DiarySize() + more);
    ASSERT_NO_FATAL_FAILURE(CheckPromises(fmt::format("round {}", round)));
    EXPECT_GE(in_flight_.at(std::to_string(seed)), kInFlight) << round;
  }
  EXPECT_EQ(kills, rounds);
  EXPECT_GT(acknowledged_, 100);
}

}  // namespace
}  // namespace entente::log
