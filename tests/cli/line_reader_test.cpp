#include "cli/line_reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

namespace entente::cli {
namespace {

// A file of this content, gone at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_(std::filesystem::temp_directory_path() / "line-reader-XXXXXX") {
    std::string name = path_.string();
    const int fd = ::mkstemp(name.data());
    path_ = name;
    ::close(fd);
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> LinesOf(const std::string& content) {
  const TemporaryFile file(content);
  auto reader = LineReader::Open(file.path());
  std::vector<std::string> lines;
  std::uint64_t number = 0;
  while (true) {
    const auto line = reader->Next();
    if (!line.has_value() || !line->has_value()) break;
    EXPECT_EQ((*line)->number, ++number);
    lines.push_back((*line)->too_long ? "too long" : (*line)->text);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReader, ReadsLinesWhateverTheirEnd) {
  EXPECT_EQ(LinesOf(""), Lines{});
  EXPECT_EQ(LinesOf("a"), Lines{"a"});
  EXPECT_EQ(LinesOf("a\n"), Lines{"a"});
  EXPECT_EQ(LinesOf("a\n\nb"), (Lines{"a", "", "b"}));
  EXPECT_EQ(LinesOf("a\r\nb\r\n"), (Lines{"a\r", "b\r"}));
  EXPECT_EQ(LinesOf(std::string("a\0b\n", 4)), Lines{std::string("a\0b", 3)});
}

TEST(LineReader, ReadsLinesLongerThanItsBlock) {
  const std::string one(200'000, 'x');
  const std::string two(70'000, 'y');
  EXPECT_EQ(LinesOf(one + "\n" + two + "\nz"), (Lines{one, two, "z"}));
}

TEST(LineReader, PassesOverALineThatIsTooLong) {
  const std::string vast(LineReader::kLineBytesMax + 100'000, 'x');
  EXPECT_EQ(LinesOf("a\n" + vast + "\nb\n"), (Lines{"a", "too long", "b"}));
  EXPECT_EQ(LinesOf(vast), Lines{"too long"});
}

TEST(LineReader, SaysWhatCannotBeRead) {
  const auto reader = LineReader::Open("/nonexistent/file");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().reason, Reason::kFileUnreadable);
  EXPECT_EQ(reader.error().field, "/nonexistent/file");
  auto directory = LineReader::Open("/");
  ASSERT_TRUE(directory);
  EXPECT_FALSE(directory->Next());
}

TEST(LineReader, KnowsWhenItWouldWait) {
  const std::filesystem::path fifo =
      std::filesystem::temp_directory_path() / ("fifo-" + std::to_string(::getpid()));
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::fstream other_end(fifo, std::ios::in | std::ios::out);
  auto reader = LineReader::Open(fifo.string());
  ASSERT_TRUE(reader);
  EXPECT_TRUE(reader->Starved());
  other_end << "a\nb\nc" << std::flush;
  EXPECT_FALSE(reader->Starved());
  EXPECT_EQ((**reader->Next()).text, "a");
  EXPECT_FALSE(reader->Starved());  // b is at hand
  EXPECT_EQ((**reader->Next()).text, "b");
  EXPECT_TRUE(reader->Starved());  // half a line is none
  std::filesystem::remove(fifo);
}

}  // namespace
}  // namespace entente::cli
