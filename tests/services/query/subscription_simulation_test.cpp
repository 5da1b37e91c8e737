// Goal: a catch-up subscription keeps its promises whatever happens around it.
//
// Strategy: the whole machine in a world of its own (subscription_world.h), driven by one number. A
// world that breaks a promise prints it with what led to it; ENTENTE_SEED=N runs that world again,
// and ENTENTE_TEST_ALL thousands more.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/services/query/seeds.h"
#include "tests/services/query/subscription_world.h"

namespace entente::query {
namespace {

constexpr int kSteps = 200;

TEST(SubscriptionSimulation, KeepsItsPromises) {
  const Seeds seeds = SeedsToRun();
  SubscriptionWorld::Counts all;
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    SubscriptionWorld world(seed);
    const std::string broken = world.Run(kSteps);
    ASSERT_EQ(broken, "") << "ENTENTE_SEED=" << seed << " shows it again.";
    const auto& counts = world.counts();
    all.delivered += counts.delivered;
    all.passed += counts.passed;
    all.resumed += counts.resumed;
    all.restarts += counts.restarts;
    all.deaths += counts.deaths;
    all.leases += counts.leases;
    all.refused += counts.refused;
    all.fell_behind += counts.fell_behind;
    all.revised += counts.revised;
    all.looked += counts.looked;
    all.altered += counts.altered;
  }
  if (seeds.only_one()) return;
  // The worlds are not asleep.
  const std::uint64_t worlds = seeds.count();
  EXPECT_GT(all.delivered, 10 * worlds);
  EXPECT_GT(all.passed, 10 * worlds);
  EXPECT_GT(all.resumed, 2 * worlds);
  EXPECT_GT(all.restarts, worlds);
  EXPECT_GT(all.deaths, worlds);
  EXPECT_GT(all.refused, worlds / 2);
  EXPECT_GT(all.looked, worlds);
  EXPECT_GT(all.leases, worlds / 10);
  EXPECT_GT(all.fell_behind, worlds / 10);
  EXPECT_GT(all.revised, worlds / 2);
  EXPECT_GT(all.altered, 5 * worlds);
}

TEST(SubscriptionSimulation, TheSameSeedIsTheSameWorld) {
  std::set<std::size_t> worlds;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SubscriptionWorld one(seed);
    SubscriptionWorld other(seed);
    EXPECT_EQ(one.Run(kSteps), other.Run(kSteps)) << seed;
    EXPECT_EQ(one.fingerprint(), other.fingerprint()) << seed;
    worlds.insert(one.fingerprint());
  }
  EXPECT_EQ(worlds.size(), 10U) << "another seed is another world";
}

}  // namespace
}  // namespace entente::query
