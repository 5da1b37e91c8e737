#include "services/projector/delta_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/services/projector/chain.h"
#include "tests/services/spine/spine.h"

namespace entente::projector {
namespace {

namespace fs = std::filesystem;

class DeltaFilesTest : public testing::Test {
 protected:
  DeltaFiles Open(const log::ChainPoint& head, DeltaFiles::Limits limits = {}) const {
    return {directory_.path() / "deltas", head, limits};
  }
  // 0 -a-> 10 -bb-> 20 -ccc-> 30
  void Fill(DeltaFiles::Limits limits = {}) const {
    DeltaFiles files = Open(Point(0), limits);
    files.Want();
    files.Add(Point(10), "a");
    files.Add(Point(20), "bb");
    files.Add(Point(30), "ccc");
  }
  std::vector<fs::path> Paths() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(directory_.path() / "deltas")) {
      paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    return paths;
  }

 private:
  spine::TemporaryDirectory directory_;
};

struct Case {
  const char* situation;
  log::ChainPoint head;
  log::ChainPoint at;
  std::size_t max_bytes;
  const char* expected;
};

const Case kCases[] = {
    {"from the first", Point(30), Point(0), 100, "a bb ccc"},
    {"one behind", Point(30), Point(20), 100, "ccc"},
    {"within a delta", Point(30), Point(15), 100, "bb ccc"},
    {"at the head", Point(30), Point(30), 100, "nothing yet"},
    {"a reply holds so many bytes", Point(30), Point(0), 3, "a bb"},
    {"but at least one delta", Point(30), Point(20), 1, "ccc"},
    {"of another log", Point(30), Point(20, 2), 100, "diverged"},
    {"killed before the last rows were written", Point(20), Point(0), 100, "a bb"},
    {"the store has lost nearly all", Point(10), Point(0), 100, "a"},
    {"the store is beyond the chain", Point(40), Point(0), 100, "behind"},
    {"the store is of another log", Point(30, 2), Point(0), 100, "behind"},
    {"the store was cut otherwise", Point(25), Point(0), 100, "behind"},
};

TEST_F(DeltaFilesTest, ReadsOnAfterAStartFromWhereAReplicaStands) {
  for (const Case& one : kCases) {
    Fill();
    DeltaFiles files = Open(one.head);
    EXPECT_EQ(Show(files.ReadAfter(one.at, one.max_bytes)), one.expected) << one.situation;
    // And goes on from the store's head.
    log::ChainPoint next = Point(one.head.position.value() + 10, one.head.hash[0]);
    files.Add(next, "next");
    EXPECT_EQ(Show(files.ReadAfter(one.head, 100)), "next") << one.situation;
    EXPECT_EQ(Show(Open(next).ReadAfter(one.head, 100)), "next") << one.situation;
  }
}

TEST_F(DeltaFilesTest, NothingIsKeptUntilSomebodyAsks) {
  DeltaFiles files = Open(Point(7));
  EXPECT_FALSE(files.wanted());
  files.Skip(Point(9));
  EXPECT_FALSE(Open(Point(9)).wanted());
  files.Want();
  EXPECT_TRUE(Open(Point(9)).wanted()) << "also after a start, before anything was kept";
}

TEST_F(DeltaFilesTest, TornInTheMiddleItEndsBefore) {
  Fill();
  fs::resize_file(Paths().front(), fs::file_size(Paths().front()) - 1);
  EXPECT_EQ(Show(Open(Point(20)).ReadAfter(Point(0), 100)), "a bb");
}

TEST_F(DeltaFilesTest, ChangedBytesAreNotHandedOut) {
  Fill();
  const fs::path path = Paths().front();
  DeltaFiles files = Open(Point(30));
  {
    // The first byte of "bb", behind two heads and "a".
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(96 + 1 + 96);
    file.put('x');
  }
  EXPECT_EQ(Show(files.ReadAfter(Point(0), 100)), "a");
  EXPECT_EQ(Show(files.ReadAfter(Point(10), 100)), "behind");
  EXPECT_EQ(Show(files.ReadAfter(Point(20), 100)), "ccc");
}

TEST_F(DeltaFilesTest, TheOldestFileGoesFirst) {
  Fill({.file_bytes = 1, .bytes = 5});
  EXPECT_EQ(Paths().size(), 2U);
  DeltaFiles files = Open(Point(30), {.file_bytes = 1, .bytes = 5});
  EXPECT_EQ(Show(files.ReadAfter(Point(0), 100)), "behind");
  EXPECT_EQ(Show(files.ReadAfter(Point(10), 100)), "bb ccc");
}

TEST_F(DeltaFilesTest, WhatIsSkippedLeavesNothingBehind) {
  Fill();
  DeltaFiles files = Open(Point(30));
  files.Skip(Point(40));
  files.Add(Point(50), "e");
  EXPECT_EQ(Show(files.ReadAfter(Point(30), 100)), "behind");
  EXPECT_EQ(Show(files.ReadAfter(Point(40), 100)), "e");
  EXPECT_EQ(Paths().size(), 1U);
}

TEST_F(DeltaFilesTest, AGapLeadsNowhere) {
  Fill({.file_bytes = 1, .bytes = 100});
  ASSERT_EQ(Paths().size(), 3U);
  fs::remove(Paths()[1]);
  DeltaFiles files = Open(Point(30));
  EXPECT_EQ(Show(files.ReadAfter(Point(0), 100)), "behind");
  EXPECT_EQ(Show(files.ReadAfter(Point(20), 100)), "ccc");
}

}  // namespace
}  // namespace entente::projector
