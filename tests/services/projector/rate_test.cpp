// How many a second, over a window that moves along.
#include "services/projector/rate.h"

#include <gtest/gtest.h>

namespace entente::projector {
namespace {

using Tick = Rate::Tick;

TEST(Rate, IsOfTheWindowThatEndsNow) {
  Rate rate;
  EXPECT_EQ(rate.PerSecond(Tick(5'000)), 0);
  rate.Add(100, Tick(1'000));
  EXPECT_EQ(rate.PerSecond(Tick(1'000)), 100) << "the first slice is not told as more";
  rate.Add(300, Tick(3'000));
  EXPECT_EQ(rate.PerSecond(Tick(3'000)), 200) << "400 in two seconds";
  EXPECT_EQ(rate.PerSecond(Tick(13'000)), 30) << "what is older than the window is forgotten";
  EXPECT_EQ(rate.PerSecond(Tick(60'000)), 0);
}

TEST(Rate, ManySlicesAreOneBucket) {
  Rate rate;
  for (int n = 0; n < 1'000; ++n) rate.Add(2, Tick(n));
  EXPECT_EQ(rate.PerSecond(Tick(1'000)), 2'000);
}

}  // namespace
}  // namespace entente::projector
