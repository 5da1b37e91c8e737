// The log's clock, driven by readings as a table.
#include "log/recorded_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

using Turn = RecordedClock::Turn;
constexpr auto kNone = std::nullopt;
constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

struct Step {
  ClockReading reading;
  std::int64_t recorded;
  std::optional<Turn> turn;
};

struct Case {
  const char* what;
  RecordedTime last;
  std::int64_t last_wall;
  ClockReading at_opening;
  std::vector<Step> steps;
};

const std::int64_t kNow = 1'600'000'000'000;

const Case kCases[] = {
    {"an empty log follows the wall",
     RecordedTime(0),
     0,
     {kNow, 0},
     {{{kNow + 5, 5}, kNow + 5, kNone}, {{kNow + 9, 9}, kNow + 9, kNone}}},
    {"small steps back stand still, small steps forward are followed",
     RecordedTime(kNow),
     kNow,
     {kNow + 10, 0},
     {{{kNow + 20, 10}, kNow + 20, kNone},
      {{kNow - 30'000, 20}, kNow + 20, kNone},
      {{kNow + 30'000, 30}, kNow + 30'000, kNone}}},
    {"time that passes is no step, however long it is",
     RecordedTime(kNow),
     kNow,
     {kNow + 10, 0},
     {{{kNow + 100 * kHour, 100 * kHour - 10}, kNow + 100 * kHour, kNone}}},
    {"set back an hour: held, by the time since boot, until the wall has caught up",
     RecordedTime(kNow),
     kNow,
     {kNow, 0},
     {{{kNow + 1000, 1000}, kNow + 1000, kNone},
      {{kNow - kHour, 2000}, kNow + 2000, Turn::kHeld},
      {{kNow - kHour + 500, 2500}, kNow + 2500, kNone},
      {{kNow + 3000, 3000}, kNow + 3000, Turn::kReleased},
      {{kNow + 3500, 3500}, kNow + 3500, kNone}}},
    {"set forward a year: held too",
     RecordedTime(kNow),
     kNow,
     {kNow, 0},
     {{{kNow + 8760 * kHour, 1000}, kNow + 1000, Turn::kHeld},
      {{kNow + 2000, 2000}, kNow + 2000, Turn::kReleased}}},
    {"opened below the last recorded time: held",
     RecordedTime(kNow),
     kNow,
     {kNow - kHour, 500},
     {{{kNow - kHour + 1000, 1500}, kNow + 1000, Turn::kHeld},
      {{kNow - kHour + 2000, 2500}, kNow + 2000, kNone}}},
    {"opened while held, still below: still held, not said again",
     RecordedTime(kNow),
     kNow - kHour,
     {kNow - kHour, 500},
     {{{kNow - kHour + 1000, 1500}, kNow + 1000, kNone}}},
    {"opened while held, the wall ahead: released",
     RecordedTime(kNow),
     kNow - kHour,
     {kNow + kHour, 500},
     {{{kNow + kHour + 1, 501}, kNow + kHour + 1, Turn::kReleased},
      {{kNow + kHour + 2, 502}, kNow + kHour + 2, kNone}}},
    {"held at opening and put right before anything was written: nothing to say",
     RecordedTime(kNow),
     kNow,
     {kNow - kHour, 0},
     {{{kNow + 100, 100}, kNow + 100, kNone}, {{kNow + 200, 200}, kNow + 200, kNone}}},
};

TEST(RecordedClock, FollowsHoldsAndReleases) {
  for (const Case& c : kCases) {
    RecordedClock clock(c.last, c.last_wall, c.at_opening);
    for (std::size_t i = 0; i < c.steps.size(); ++i) {
      const RecordedClock::Stamp stamp = clock.Tick(c.steps[i].reading);
      EXPECT_EQ(stamp.recorded, RecordedTime(c.steps[i].recorded)) << c.what << ", step " << i;
      EXPECT_EQ(stamp.turn, c.steps[i].turn) << c.what << ", step " << i;
      EXPECT_EQ(stamp.wall_ms, c.steps[i].reading.wall_ms);
    }
  }
}

// The whole way: the turn is an event of the log, status says so, and reopening remembers.
TEST(RecordedClock, TurnsAreLogged) {
  ScratchDirectory directory;
  std::atomic<std::int64_t> wall{kNow};
  std::atomic<std::int64_t> boot{0};
  LogOptions options;
  options.wall_clock = [&] { return wall.load(); };
  options.boot_clock = [&] { return boot.load(); };
  const auto append = [&](Log& log, const std::string& id) {
    LogClient client(log);
    return client.MustAppend(Batch({Held("meeting/abc", id)}));
  };
  {
    const auto log = OpenOrFail(directory.path(), options);
    append(*log, "a");
    wall += kHour;
    boot += 1000;
    const auto reply = append(*log, "b");
    EXPECT_EQ(reply.events(0).position(), 2);
    EXPECT_EQ(log->status().last_recorded, RecordedTime(kNow + 1000));
    EXPECT_THAT(log->status().notes, testing::ElementsAre(testing::HasSubstr("clock was set")));
    const auto events = AllEvents(*log);
    ASSERT_EQ(events.size(), 3);
    EXPECT_EQ(events[2].event().stream(), "admin/clock");
    EXPECT_EQ(events[2].event().clock_adjusted().action(), "held");
    EXPECT_EQ(events[2].event().clock_adjusted().wall().seconds(), (kNow + kHour) / 1000);
    EXPECT_EQ(events[2].event().clock_adjusted().recorded_until().seconds(), kNow / 1000);
    EXPECT_EQ(events[2].recorded().seconds(), (kNow + 1000) / 1000);
  }
  const auto log = OpenOrFail(directory.path(), options);
  EXPECT_EQ(append(*log, "c").events(0).position(), 4);
  EXPECT_TRUE(log->status().notes.empty());
  const auto events = AllEvents(*log);
  ASSERT_EQ(events.size(), 5);
  EXPECT_EQ(events[4].event().clock_adjusted().action(), "released");
  EXPECT_EQ(events[4].revision(), 2);
}

}  // namespace
}  // namespace entente::log
