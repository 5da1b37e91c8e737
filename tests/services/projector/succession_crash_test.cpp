// Killed at any point of a rebuild, the next projector takes up what was built, or has it already.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <string>

#include "tests/services/projector/generations_client.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"
#include "views/view_store.h"

extern char** environ;

namespace entente::spine {
namespace {

using enum client::Client::Service;

// A projector that kills itself at a point. It listens where no other has: one that is closing
// removes the file of its socket when it gets to it.
class Subject {
 public:
  Subject(Spine& spine, const std::string& point)
      : endpoint_("ipc://" + spine.data().string() + "/subject.sock") {
    std::array<std::string, 5> words = {ENTENTE_CRASH_SUBJECT, spine.data().string(),
                                        spine.endpoints().ingest, endpoint_, point};
    std::array<char*, 6> argv{};
    for (std::size_t i = 0; i < words.size(); ++i) argv.at(i) = words.at(i).data();
    EXPECT_EQ(posix_spawn(&pid_, argv[0], nullptr, nullptr, argv.data(), environ), 0);
  }
  ~Subject() {
    if (pid_ == 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  const std::string& endpoint() const { return endpoint_; }

  // Whether it was killed, within kPatience.
  bool AwaitDeath() {
    int status = 0;
    if (!Await([&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) return false;
    pid_ = 0;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

 private:
  std::string endpoint_;
  pid_t pid_ = 0;
};

// Where a generation stands on the disk; nothing is running on it.
std::uint64_t StandsAt(Spine& spine, const std::string& generation) {
  const auto store = views::ViewStore::OpenToRead(spine.data() / "views" / generation);
  return store ? (*store)->checkpoint().position.value() : 0;
}

class SuccessionCrash : public testing::TestWithParam<const char*> {};

TEST_P(SuccessionCrash, IsTakenUpWhereItWas) {
  const std::string point = GetParam();
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  std::uint64_t last = 0;
  for (int n = 0; n < 600; n += 20) last = spine.AppendNumbered(n, n + 19);
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  spine.StopProjector();
  {
    Subject subject(spine, point);
    Wire wire(spine, subject.endpoint());
    Change change;
    change.mutable_rebuild();
    wire.Send(bus::MessageType::change_generations_request, change);
    ASSERT_TRUE(subject.AwaitDeath()) << point;
  }
  const std::uint64_t stood = StandsAt(spine, "g2");
  if (point != "noted") {
    EXPECT_GT(stood, 0U);
  }

  // Without ingest nothing moves: what the next projector has is what was there.
  spine.StopIngest();
  spine.StartProjector();
  const auto found = Generations(spine);
  if (point == "swapped") {
    EXPECT_EQ(Show(found), "g1 kept, g2 current");
  } else {
    EXPECT_EQ(Show(found), "g1 current, g2 building");
  }
  EXPECT_EQ(found.generations(1).at().position(), stood);

  spine.StartIngest();
  ASSERT_TRUE(AwaitGeneration(spine, kProjector, "g2"));
  last = spine.AppendNumbered(600, 609);
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  EXPECT_EQ(Show(Generations(spine)), "g1 kept, g2 current");
  EXPECT_EQ(DigestOfProjector(spine), DigestFoldedAnew(spine));
}

INSTANTIATE_TEST_SUITE_P(Points, SuccessionCrash,
                         testing::Values("noted", "growing", "closing", "caught-up", "swapped"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace entente::spine
