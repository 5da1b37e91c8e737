// Goal: a durable subscription keeps its promises whatever happens around it.
//
// Strategy: the whole machine in a world of its own (group_world.h), driven by one number. A world
// that breaks a promise prints it with what led to it; ENTENTE_SEED=N runs that world again, and
// ENTENTE_TEST_ALL thousands more.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/services/query/group_world.h"
#include "tests/services/query/seeds.h"

namespace entente::query {
namespace {

constexpr int kSteps = 250;

TEST(GroupSimulation, KeepsItsPromises) {
  const Seeds seeds = SeedsToRun();
  GroupWorld::Counts all;
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    GroupWorld world(seed);
    const std::string broken = world.Run(kSteps);
    ASSERT_EQ(broken, "") << "ENTENTE_SEED=" << seed << " shows it again.";
    const auto& counts = world.counts();
    all.delivered += counts.delivered;
    all.redelivered += counts.redelivered;
    all.parked += counts.parked;
    all.restarts += counts.restarts;
    all.merges += counts.merges;
    all.stalls += counts.stalls;
    all.taken_over += counts.taken_over;
    all.late += counts.late;
    all.revised += counts.revised;
    all.looked += counts.looked;
    all.fell_behind += counts.fell_behind;
    all.altered += counts.altered;
    all.vanished += counts.vanished;
    all.leases += counts.leases;
  }
  if (seeds.only_one()) return;
  // The worlds are not asleep: each of these happens more than once a world, or nearly.
  const std::uint64_t worlds = seeds.count();
  EXPECT_GT(all.delivered, 20 * worlds);
  EXPECT_GT(all.redelivered, 5 * worlds);
  EXPECT_GT(all.parked, worlds);
  EXPECT_GT(all.restarts, worlds);
  EXPECT_GT(all.merges, worlds);
  EXPECT_GT(all.stalls, worlds);
  EXPECT_GT(all.taken_over, worlds / 2);
  EXPECT_GT(all.late, worlds);
  EXPECT_GT(all.revised, worlds / 2);
  EXPECT_GT(all.looked, worlds / 2);
  EXPECT_GT(all.fell_behind, worlds / 10);
  EXPECT_GT(all.altered, 5 * worlds);
  EXPECT_GT(all.vanished, worlds);
  EXPECT_GT(all.leases, worlds / 10);
}

TEST(GroupSimulation, TheSameSeedIsTheSameWorld) {
  std::set<std::size_t> worlds;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    GroupWorld one(seed);
    GroupWorld other(seed);
    EXPECT_EQ(one.Run(kSteps), other.Run(kSteps)) << seed;
    EXPECT_EQ(one.fingerprint(), other.fingerprint()) << seed;
    worlds.insert(one.fingerprint());
  }
  EXPECT_EQ(worlds.size(), 10U) << "another seed is another world";
}

}  // namespace
}  // namespace entente::query
