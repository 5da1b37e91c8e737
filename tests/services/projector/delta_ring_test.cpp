#include "services/projector/delta_ring.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/services/projector/chain.h"

namespace entente::projector {
namespace {

// 0 -a-> 10 -bb-> 20 -ccc-> 30
DeltaRing Filled(std::size_t bytes_max) {
  DeltaRing ring(Point(0), bytes_max);
  ring.Add(Point(10), Delta("a"));
  ring.Add(Point(20), Delta("bb"));
  ring.Add(Point(30), Delta("ccc"));
  return ring;
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
  ring.Add(Point(40), Delta("dddddd"));
  EXPECT_EQ(Show(ring.ReadAfter(Point(30), 100)), "behind");
  EXPECT_EQ(Show(ring.ReadAfter(Point(40), 100)), "nothing yet");
  ring.Add(Point(50), Delta("e"));
  EXPECT_EQ(Show(ring.ReadAfter(Point(40), 100)), "e");
}

TEST(DeltaRing, WhatWasSkippedIsNotHere) {
  DeltaRing ring(Point(7), 100);
  EXPECT_EQ(Show(ring.ReadAfter(Point(3), 100)), "behind");
  ring.Skip(Point(9));
  EXPECT_EQ(Show(ring.ReadAfter(Point(7), 100)), "behind");
  EXPECT_EQ(Show(ring.ReadAfter(Point(9), 100)), "nothing yet");
}

}  // namespace
}  // namespace entente::projector
