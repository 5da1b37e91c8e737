#include "cli/quarantine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

class QuarantineTest : public testing::Test {
 protected:
  QuarantineTest()
      : directory_(testing::TempDir() + "entente-quarantine-" + std::to_string(getpid())) {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  ~QuarantineTest() override { fs::remove_all(directory_); }

  std::string Input(const char* name) {
    std::ofstream(directory_ / name) << "{}\n";
    return directory_ / name;
  }
  // The name of the file that a refused line of the input goes into.
  std::string Kept(const std::string& input, const std::string& file = "") {
    auto quarantine = Quarantine::For(input, file);
    if (!quarantine) return quarantine.error().ToString();
    const Status kept = quarantine->Keep({{7, R"({"stream":"kind/x"})"}, {}});
    if (!kept) return kept.error().ToString();
    EXPECT_EQ(quarantine->kept(), 1U);
    EXPECT_TRUE(quarantine->Sync());
    return quarantine->file().filename();
  }
  std::string Content(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(directory_ / name).rdbuf();
    return text.str();
  }

  const fs::path directory_;
};

constexpr const char* kLine = R"({"refused":{"line":7,"errors":[]},"stream":"kind/x"})"
                              "\n";

TEST_F(QuarantineTest, LiesBesideTheInputAndIsNeverWrittenOver) {
  const std::string input = Input("history.jsonl");
  EXPECT_EQ(Kept(input), "history.refused.jsonl");
  EXPECT_EQ(Kept(input), "history.refused-2.jsonl");
  EXPECT_EQ(Kept(directory_ / "history.refused.jsonl"), "history.refused-3.jsonl");
  EXPECT_EQ(Kept(directory_ / "history.refused-2.jsonl"), "history.refused-4.jsonl");
  EXPECT_EQ(Content("history.refused.jsonl"), kLine);
}

TEST_F(QuarantineTest, IsMadeWithItsFirstLine) {
  EXPECT_TRUE(Quarantine::For(Input("history.jsonl"), ""));
  EXPECT_FALSE(fs::exists(directory_ / "history.refused.jsonl"));
}

TEST_F(QuarantineTest, AFileThatIsNamedIsAddedTo) {
  const std::string input = Input("history.jsonl");
  const std::string file = directory_ / "bad.jsonl";
  EXPECT_EQ(Kept(input, file), "bad.jsonl");
  EXPECT_EQ(Kept(input, file), "bad.jsonl");
  EXPECT_EQ(Content("bad.jsonl"), std::string(kLine) + kLine);
}

TEST_F(QuarantineTest, IsNotWhatIsImported) {
  const std::string input = Input("history.jsonl");
  fs::create_symlink(input, directory_ / "link.jsonl");
  for (const std::string& file : {input, (directory_ / "link.jsonl").string()}) {
    EXPECT_TRUE(Kept(input, file).starts_with("QUERY_INVALID at --quarantine")) << file;
  }
  EXPECT_EQ(Content("history.jsonl"), "{}\n");
}

TEST_F(QuarantineTest, OfAPipeLiesInTheStateDirectory) {
  ::setenv("XDG_STATE_HOME", directory_.c_str(), 1);
  EXPECT_EQ(Kept("-"), "standard-input.refused.jsonl");
  EXPECT_EQ(Kept("-"), "standard-input.refused-2.jsonl");
  EXPECT_EQ(Content("entente/refused/standard-input.refused.jsonl"), kLine);
  EXPECT_EQ(Kept("/dev/null"), "null.refused.jsonl");
  ::unsetenv("XDG_STATE_HOME");
}

TEST_F(QuarantineTest, ALineThatCannotBeKeptIsAnError) {
  EXPECT_TRUE(Kept(Input("history.jsonl"), directory_ / "nowhere" / "bad.jsonl")
                  .starts_with("FILE_UNREADABLE at "));
}

}  // namespace
}  // namespace entente::cli
