// Killed at any point of a rebuild, the next projector takes up what was built, or has it already.
// Killed within any step that changes generations, the next finds them as before it or as after it.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <filesystem>
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
  return store ? (*store)->taken().position.value() : 0;
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

// What a projector was asked for when it died, and where; and what the next one finds.
struct Death {
  const char* name;
  // Brings the generations to where the request is made, with a projector that lives.
  void (*prepare)(Spine&);
  void (*ask)(Change&);
  const char* point;
  const char* found;
};

void Nothing(Spine&) {}

void Rebuilt(Spine& spine) {
  Rebuild(spine);
  ASSERT_TRUE(AwaitGeneration(spine, kProjector, "g2"));
}

void Held(Spine& spine) {
  Rebuild(spine, /*hold=*/true);
  ASSERT_TRUE(AwaitHeld(spine));
}

void ToRebuild(Change& change) { change.mutable_rebuild(); }
void ToRollBack(Change& change) { change.set_rollback("g1"); }
void ToDrop(Change& change) { change.set_drop("g1"); }
void ToCancel(Change& change) { change.set_cancel(true); }
void ToSwap(Change& change) { change.set_swap(true); }

const Death kDeaths[] = {
    {"RebuildNotYetNoted", Nothing, ToRebuild, "staged", "g1 current"},
    {"RebuildBeforeThePointer", Nothing, ToRebuild, "newest-noted", "g1 current, g2 building"},
    {"RebuildBehindThePointer", Nothing, ToRebuild, "pointed", "g1 kept, g2 current"},
    {"RebuildWithoutItsNote", Nothing, ToRebuild, "note-removed", "g1 kept, g2 current"},
    {"SwapNotYetNoted", Held, ToSwap, "staged", "g1 current, g2 building"},
    {"SwapBehindThePointer", Held, ToSwap, "pointed", "g1 kept, g2 current"},
    {"RollbackNotYetNoted", Rebuilt, ToRollBack, "staged", "g1 kept, g2 current"},
    {"RollbackNoted", Rebuilt, ToRollBack, "noted", "g1 building, g2 current"},
    {"RollbackBehindThePointer", Rebuilt, ToRollBack, "pointed", "g1 current, g2 kept"},
    {"RollbackWithoutItsNote", Rebuilt, ToRollBack, "note-removed", "g1 current, g2 kept"},
    {"DropSetAside", Rebuilt, ToDrop, "set-aside", "g2 current"},
    {"CancelSetAside", Held, ToCancel, "set-aside", "g1 current, g2 building"},
    {"CancelWithoutItsNote", Held, ToCancel, "note-removed", "g1 current"},
};

class StepCrash : public testing::TestWithParam<Death> {};

TEST_P(StepCrash, LeavesWhatWasBeforeOrWhatIsAfter) {
  const Death& death = GetParam();
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 99)));
  death.prepare(spine);
  spine.StopProjector();
  {
    Subject subject(spine, death.point);
    Wire wire(spine, subject.endpoint());
    Change change;
    death.ask(change);
    wire.Send(bus::MessageType::change_generations_request, change);
    ASSERT_TRUE(subject.AwaitDeath()) << death.point;
  }
  // Without ingest nothing moves: what the next projector has is what was there.
  spine.StopIngest();
  spine.StartProjector();
  const auto found = Generations(spine);
  EXPECT_EQ(Show(found), death.found);
  for (const auto& entry : std::filesystem::directory_iterator(spine.data() / "views")) {
    EXPECT_EQ(entry.path().filename().string().find("dropped"), std::string::npos) << entry.path();
  }
  // And it goes on from there: what was to be built is, and another after it.
  spine.StartIngest();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(100, 109)));
  if (found.has_building()) {
    if (death.prepare == Held) {
      Change swap;
      ToSwap(swap);
      ASSERT_TRUE(Ask(spine, swap));
    }
    ASSERT_TRUE(AwaitGeneration(spine, kProjector, found.building().generation()));
  }
  const std::string before = spine.projector().store()->generation();
  Rebuild(spine);
  const auto another = [&](const v1::StatusReply& status) { return status.generation() != before; };
  ASSERT_TRUE(another(spine.AwaitStatus(kProjector, another)));
  EXPECT_EQ(DigestOfProjector(spine), DigestFoldedAnew(spine));
}

INSTANTIATE_TEST_SUITE_P(Steps, StepCrash, testing::ValuesIn(kDeaths),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace entente::spine
