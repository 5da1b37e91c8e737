#include "services/projector/delta_ring.h"

#include <gtest/gtest.h>

#include <string>

namespace entente::projector {
namespace {

using Found = DeltaRing::Found;

// The chain's hash is made of the position, or of another log.
log::ChainPoint Point(std::uint64_t position, std::uint8_t log = 1) {
  log::ChainPoint point{.position = Position(position), .hash = {}};
  if (position > 0) point.hash = {log, static_cast<std::uint8_t>(position)};
  return point;
}

// 0 -a-> 10 -bb-> 20 -ccc-> 30
DeltaRing Filled(std::size_t bytes_max) {
  DeltaRing ring(Point(0), bytes_max);
  ring.Add(Point(10), "a");
  ring.Add(Point(20), "bb");
  ring.Add(Point(30), "ccc");
  return ring;
}

std::string Show(const DeltaRing::Reading& reading) {
  switch (reading.found) {
    case Found::kNothingYet:
      return "nothing yet";
    case Found::kBehind:
      return "behind";
    case Found::kDiverged:
      return "diverged";
    case Found::kDeltas:
      break;
  }
  std::string text;
  for (const DeltaBytes& delta : reading.deltas) text += (text.empty() ? "" : " ") + *delta;
  return text;
}

struct Case {
  const char* situation;
  std::size_t ring_bytes;
  log::ChainPoint at;
  std::size_t max_bytes;
  const char* expected;
};

const Case kCases[] = {
    {"from the first", 100, Point(0), 100, "a bb ccc"},
    {"one behind", 100, Point(20), 100, "ccc"},
    {"within a delta, after a kill cut them anew", 100, Point(15), 100, "bb ccc"},
    {"at the head", 100, Point(30), 100, "nothing yet"},
    {"above the head, whose tail was lost", 100, Point(31), 100, "nothing yet"},
    {"at the head of another log", 100, Point(30, 2), 100, "diverged"},
    {"below the head, of another log", 100, Point(20, 2), 100, "diverged"},
    {"a reply holds so many bytes", 100, Point(0), 3, "a bb"},
    {"but at least one delta", 100, Point(20), 1, "ccc"},
    {"the oldest was let go", 5, Point(0), 100, "behind"},
    {"within what was let go", 5, Point(9), 100, "behind"},
    {"where the ring begins now", 5, Point(10), 100, "bb ccc"},
};

TEST(DeltaRing, ReadsOnFromWhereAReplicaStands) {
  for (const Case& one : kCases) {
    DeltaRing ring = Filled(one.ring_bytes);
    EXPECT_EQ(Show(ring.ReadAfter(one.at, one.max_bytes)), one.expected) << one.situation;
  }
}

TEST(DeltaRing, DeltaLargerThanAllIsSkipped) {
  DeltaRing ring = Filled(5);
  ring.Add(Point(40), "dddddd");
  EXPECT_EQ(Show(ring.ReadAfter(Point(30), 100)), "behind");
  EXPECT_EQ(Show(ring.ReadAfter(Point(40), 100)), "nothing yet");
  ring.Add(Point(50), "e");
  EXPECT_EQ(Show(ring.ReadAfter(Point(40), 100)), "e");
}

TEST(DeltaRing, IsWantedOnceRead) {
  DeltaRing ring(Point(7), 100);
  EXPECT_FALSE(ring.wanted());
  EXPECT_EQ(Show(ring.ReadAfter(Point(3), 100)), "behind");
  EXPECT_TRUE(ring.wanted());
  ring.Skip(Point(9));
  EXPECT_EQ(Show(ring.ReadAfter(Point(7), 100)), "behind");
  EXPECT_EQ(Show(ring.ReadAfter(Point(9), 100)), "nothing yet");
}

}  // namespace
}  // namespace entente::projector
