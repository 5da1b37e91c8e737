// What a durable subscription is where nothing is said, by tables.
#include "services/query/subscription/group_limits.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace entente::query {
namespace {

// How long each of the first failures makes a change wait.
std::vector<std::int64_t> Waits(std::uint32_t first_ms, std::uint32_t longest_ms,
                                std::uint32_t failures) {
  v1::Group group;
  group.set_name("desk");
  group.set_retry_first_ms(first_ms);
  group.set_retry_longest_ms(longest_ms);
  EXPECT_TRUE(CompleteGroup(&group));
  std::vector<std::int64_t> waits;
  waits.reserve(failures);
  for (std::uint32_t n = 1; n <= failures; ++n) waits.push_back(BackOff(group, n).count());
  return waits;
}

using Table = std::vector<std::int64_t>;

TEST(BackOff, DoublesUpToTheLongest) {
  EXPECT_EQ(Waits(0, 0, 11), (Table{1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 64'000, 128'000,
                                    256'000, 300'000, 300'000}))
      << "as documented where nothing is said";
  EXPECT_EQ(Waits(100, 450, 5), (Table{100, 200, 400, 450, 450}));
  EXPECT_EQ(Waits(100, 400, 5), (Table{100, 200, 400, 400, 400})) << "the longest is one of them";
  EXPECT_EQ(Waits(700, 700, 3), (Table{700, 700, 700})) << "the first is the longest";
  EXPECT_EQ(Waits(0, 400, 2), (Table{400, 400})) << "the longest is below the usual first";
  EXPECT_EQ(Waits(600'000, 0, 2), (Table{600'000, 600'000}))
      << "the first is above the usual longest";
}

TEST(BackOff, OfAThousandFailuresIsTheLongest) {
  const Table waits = Waits(1, kRetryLongestMaxMs, kDeliveriesMax);
  EXPECT_EQ(waits[26], 67'108'864);
  EXPECT_EQ(waits[27], 86'400'000);
  EXPECT_EQ(waits.back(), 86'400'000);
}

}  // namespace
}  // namespace entente::query
