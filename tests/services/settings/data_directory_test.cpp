#include "services/settings/data_directory.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "temporary_directory.h"

namespace entente::settings {
namespace {

namespace fs = std::filesystem;

TEST(DataDirectory, FollowsXdg) {
  const char* const home_before = std::getenv("HOME");
  const std::string home = home_before == nullptr ? "/" : home_before;
  setenv("HOME", "/home/ada", 1);
  setenv("XDG_DATA_HOME", "/srv/ada", 1);
  EXPECT_EQ(DefaultDataDirectory().value(), fs::path("/srv/ada/entente"));
  setenv("XDG_DATA_HOME", "relative", 1);
  EXPECT_EQ(DefaultDataDirectory().value(), fs::path("/home/ada/.local/share/entente"));
  unsetenv("XDG_DATA_HOME");
  EXPECT_EQ(DefaultDataDirectory().value(), fs::path("/home/ada/.local/share/entente"));
  unsetenv("HOME");
  EXPECT_EQ(DefaultDataDirectory().error().reason, Reason::kConfigInvalid);
  setenv("HOME", home.c_str(), 1);
}

TEST(DataDirectory, IsMadeForItsOwner) {
  const TemporaryDirectory temporary;
  const fs::path data = temporary.path() / "a/b";
  ASSERT_TRUE(MakeDataDirectory(data));
  EXPECT_EQ(fs::status(data).permissions(), fs::perms::owner_all);
  EXPECT_TRUE(MakeDataDirectory(data));

  std::ofstream(temporary.path() / "file") << "x";
  EXPECT_EQ(MakeDataDirectory(temporary.path() / "file/data").error().reason,
            Reason::kFileUnreadable);
}

TEST(Marker, IsKeptUntilReplaced) {
  const TemporaryDirectory data;
  EXPECT_EQ(ReadMarker(data.path()).value(), "");
  ASSERT_TRUE(WriteMarker(data.path(), "SAMPLE"));
  EXPECT_EQ(ReadMarker(data.path()).value(), "SAMPLE");
  ASSERT_TRUE(WriteMarker(data.path(), "TEST"));
  EXPECT_EQ(ReadMarker(data.path()).value(), "TEST");
  EXPECT_EQ(std::distance(fs::directory_iterator(data.path()), fs::directory_iterator()), 1);
}

TEST(Marker, NeedsADirectory) {
  const TemporaryDirectory data;
  EXPECT_EQ(WriteMarker(data.path() / "none", "SAMPLE").error().reason, Reason::kFileUnreadable);
}

TEST(DataDirectory, IsPreparedWithTheWordGivenOrTheOneItIsMarkedWith) {
  const TemporaryDirectory temporary;
  const fs::path data = temporary.path() / "data";
  EXPECT_EQ(PrepareDataDirectory(data, "").value(), "");
  ASSERT_TRUE(WriteMarker(data, "SAMPLE"));
  EXPECT_EQ(PrepareDataDirectory(data, "").value(), "SAMPLE");
  EXPECT_EQ(PrepareDataDirectory(data, "TEST").value(), "TEST");
  EXPECT_EQ(ReadMarker(data).value(), "SAMPLE");
}

}  // namespace
}  // namespace entente::settings
