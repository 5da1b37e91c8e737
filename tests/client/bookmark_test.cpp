#include "client/bookmark.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace entente::client {
namespace {

class BookmarkTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "entente-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
};

TEST_F(BookmarkTest, IsReadAsItWasSaved) {
  const Bookmark bookmark(directory_ / "place");
  const auto none = bookmark.Read();
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  for (const Cursor& cursor : {Cursor{Position(812'004), Ordinal(65'535)}, Cursor{},
                               Cursor{Position(UINT64_MAX), Ordinal(1)}}) {
    ASSERT_TRUE(bookmark.Save(cursor));
    const auto read = bookmark.Read();
    ASSERT_TRUE(read && *read);
    EXPECT_EQ(**read, cursor);
  }
  EXPECT_FALSE(std::filesystem::exists(directory_ / "place.new"));
}

TEST_F(BookmarkTest, AnotherFileIsRefusedByName) {
  for (const char* text : {"", "7", "7 0", "x 0\n", "7 65536\n", "7 0\nmore", "-1 0\n"}) {
    std::ofstream(directory_ / "place") << text;
    const auto read = Bookmark(directory_ / "place").Read();
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().reason, Reason::kFileUnreadable);
    EXPECT_EQ(read.error().field, (directory_ / "place").string());
  }
}

TEST_F(BookmarkTest, ThatCannotBeWrittenSaysSo) {
  const auto saved = Bookmark(directory_ / "missing" / "place").Save({});
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().reason, Reason::kFileUnreadable);
}

}  // namespace
}  // namespace entente::client
