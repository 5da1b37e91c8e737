#include "cli/last_append.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

class LastAppendTest : public testing::Test {
 protected:
  // Other tests of this file run beside it, in processes of their own.
  LastAppendTest()
      : state_(testing::TempDir() + "entente-last-append-" + std::to_string(getpid())) {
    fs::remove_all(state_);
  }
  ~LastAppendTest() override { fs::remove_all(state_); }
  const fs::path state_;
};

TEST_F(LastAppendTest, IsKeptForEachLogUntilForgotten) {
  const LastAppend one(state_, "/data/one");
  const LastAppend other(state_, "tcp://127.0.0.1:7400");
  EXPECT_EQ(one.Read(), 0U);
  one.Keep(22);
  other.Keep(7);
  EXPECT_EQ(LastAppend(state_, "/data/one").Read(), 22U);
  one.Keep(3);  // another log in the same place
  EXPECT_EQ(one.Read(), 3U);
  one.Forget();
  EXPECT_EQ(one.Read(), 0U);
  EXPECT_EQ(other.Read(), 7U);
}

TEST_F(LastAppendTest, MattersForADay) {
  const LastAppend one(state_, "/data/one");
  one.Keep(22);
  for (const auto& entry : fs::directory_iterator(state_)) {
    fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - std::chrono::hours(25));
  }
  EXPECT_EQ(one.Read(), 0U);
  LastAppend(state_, "/data/other").Keep(1);
  EXPECT_EQ(std::distance(fs::directory_iterator(state_), fs::directory_iterator()), 1);
}

TEST_F(LastAppendTest, WhatOthersKeepThereStays) {
  fs::create_directories(state_);
  std::ofstream(state_ / "other") << "kept";
  fs::last_write_time(state_ / "other",
                      fs::file_time_type::clock::now() - std::chrono::hours(1000));
  LastAppend(state_, "/data/one").Keep(22);
  EXPECT_TRUE(fs::exists(state_ / "other"));
}

TEST_F(LastAppendTest, WithoutAPlaceNothingIsKept) {
  const LastAppend nowhere(fs::path(), "/data/one");
  nowhere.Keep(22);
  EXPECT_EQ(nowhere.Read(), 0U);
  std::ofstream(state_) << "a file where the directory should be";
  LastAppend(state_, "/data/one").Keep(22);
  EXPECT_EQ(LastAppend(state_, "/data/one").Read(), 0U);
}

}  // namespace
}  // namespace entente::cli
