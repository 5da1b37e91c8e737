#include "services/ingest/waiting_readers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace entente::ingest {
namespace {

using std::chrono::milliseconds;
using List = std::vector<std::uint64_t>;
const Clock::time_point kStart{};

WaitingReader Reader(std::uint64_t correlation, std::uint64_t until, int deadline_ms) {
  return {{}, correlation, {}, Position(until), kStart + milliseconds(deadline_ms)};
}

List Correlations(const std::vector<WaitingReader>& readers) {
  List correlations;
  for (const WaitingReader& reader : readers) correlations.push_back(reader.correlation);
  std::sort(correlations.begin(), correlations.end());
  return correlations;
}

TEST(WaitingReaders, WakeAtTheirPosition) {
  WaitingReaders readers;
  ASSERT_TRUE(readers.Add(Reader(1, 5, 100)));
  ASSERT_TRUE(readers.Add(Reader(2, 7, 100)));
  ASSERT_TRUE(readers.Add(Reader(3, 5, 100)));
  EXPECT_EQ(Correlations(readers.TakeReached(Position(4))), List());
  EXPECT_EQ(Correlations(readers.TakeReached(Position(5))), List({1, 3}));
  EXPECT_EQ(Correlations(readers.TakeReached(Position(100))), List({2}));
  EXPECT_EQ(readers.size(), 0U);
}

TEST(WaitingReaders, ExpireAtTheirDeadline) {
  WaitingReaders readers;
  EXPECT_EQ(readers.next_deadline(), std::nullopt);
  ASSERT_TRUE(readers.Add(Reader(1, 5, 300)));
  ASSERT_TRUE(readers.Add(Reader(2, 9, 100)));
  ASSERT_TRUE(readers.Add(Reader(3, 7, 200)));
  EXPECT_EQ(readers.next_deadline(), kStart + milliseconds(100));
  EXPECT_EQ(Correlations(readers.TakeExpired(kStart + milliseconds(99))), List());
  EXPECT_EQ(Correlations(readers.TakeExpired(kStart + milliseconds(200))), List({2, 3}));
  EXPECT_EQ(readers.next_deadline(), kStart + milliseconds(300));
}

TEST(WaitingReaders, AreBounded) {
  WaitingReaders readers;
  for (std::size_t i = 0; i < WaitingReaders::kReadersMax; ++i) {
    ASSERT_TRUE(readers.Add(Reader(i, 1, 1)));
  }
  EXPECT_FALSE(readers.Add(Reader(0, 1, 1)));
  EXPECT_EQ(readers.TakeAll().size(), WaitingReaders::kReadersMax);
  EXPECT_TRUE(readers.Add(Reader(0, 1, 1)));
}

}  // namespace
}  // namespace entente::ingest
