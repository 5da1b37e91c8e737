// Format 1 as it was released: every build reads the store in tests/golden, writes the same bytes,
// and agrees with the worked example of docs/format.md.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "log/digest.h"
#include "log/dump.h"
#include "log/log.h"
#include "log/recovery.h"
#include "log/verify.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(ENTENTE_SOURCE_DIR) / "tests/golden";
const fs::path kStore = kGolden / "log-format-1";
const fs::path kLines = kGolden / "log-format-1.jsonl";
const fs::path kFormat = fs::path(ENTENTE_SOURCE_DIR) / "docs/format.md";

std::string Text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What the golden store holds: three appends, one of them over several commits.
void AppendGolden(const fs::path& directory) {
  std::int64_t now = 1'619'222'400'000;  // 2021-04-24
  LogOptions options;
  options.commit_bytes_max = 700;
  options.wall_clock = [&] { return now; };
  options.boot_clock = [&] { return now; };
  const auto log = OpenOrFail(directory, options);
  LogClient client(*log);
  v1::NewEvent postponed;
  postponed.set_stream("meeting/jp-in-two-plus-two-2021-04");
  postponed.set_reported("2021-05-05");
  postponed.mutable_source()->set_publisher("The Daily");
  postponed.mutable_source()->set_class_(v1::Source::media);
  postponed.mutable_meeting_postponed()->mutable_old_date()->set_edtf("2021-04-24");
  postponed.mutable_meeting_postponed()->set_reason("epidemic");
  client.MustAppend(Batch({postponed}));
  now += 1000;
  std::vector<v1::NewEvent> many;
  for (int i = 0; i < 7; ++i) {
    many.push_back(Held(fmt::format("meeting/m-{}", i % 2), fmt::format("id-{}", i)));
  }
  client.MustAppend(Batch(std::move(many)));
  now += 1000;
  v1::NewEvent statement = Held("pair/IN-JP", "", "2021");
  statement.mutable_statement_made()->set_who("JP");
  statement.mutable_statement_made()->set_summary("the talks will be held when they can");
  statement.mutable_statement_made()->add_about("meeting/jp-in-two-plus-two-2021-04");
  statement.mutable_origin()->set_importer("feed");
  statement.set_backfill(true);
  client.MustAppend(Batch({statement}));
}

std::string Lines(const Log& log) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string lines;
  const auto range = log.Read(Position(1), 1 << 20);
  for (const std::string& bytes : range->commits) {
    for (const auto& line : ToDumpLines(*CommitView::Parse(bytes))) {
      std::string json;
      EXPECT_TRUE(google::protobuf::util::MessageToJsonString(line, &json, options).ok());
      lines += json + "\n";
    }
  }
  return lines;
}

// ENTENTE_WRITE_GOLDEN=1 makes the files anew. Only for a new format, beside the old ones.
TEST(Golden, IsWrittenOnRequest) {
  if (std::getenv("ENTENTE_WRITE_GOLDEN") == nullptr) GTEST_SKIP() << "not requested";
  fs::remove_all(kStore);
  AppendGolden(kStore);
  std::ofstream(kLines) << Lines(*OpenOrFail(kStore));
  fs::remove_all(kStore / "index");
  fs::remove(kStore / "lock");
}

TEST(Golden, TheStoreOfFormat1IsRead) {
  ScratchDirectory copy;
  fs::copy(kStore, copy.path(), fs::copy_options::recursive);
  const auto report = VerifyLog(copy.path());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_FALSE(report->first_break) << report->first_break->ToString();
  EXPECT_TRUE(report->notes.empty());
  const auto log = OpenOrFail(copy.path());
  EXPECT_EQ(Lines(*log), Text(kLines));
}

TEST(Golden, TheSameAppendsMakeTheSameBytes) {
  ScratchDirectory now;
  AppendGolden(now.path());
  EXPECT_EQ(Lines(*OpenOrFail(now.path())), Text(kLines));
}

// The hexadecimal digits of the lines `offset  bytes  meaning` of the document's example.
std::string ExampleBytes() {
  std::istringstream document(Text(kFormat));
  std::string hex;
  bool inside = false;
  for (std::string line; std::getline(document, line);) {
    if (line == "```hex") {
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      std::istringstream words(line.substr(0, line.find('|')));
      std::string word;
      words >> word;  // the offset
      while (words >> word) hex += word;
    }
  }
  return hex;
}

TEST(Golden, TheDocumentShowsTheFirstCommit) {
  ScratchDirectory copy;
  fs::copy(kStore, copy.path(), fs::copy_options::recursive);
  const auto log = OpenOrFail(copy.path());
  const auto range = log->Read(Position(1), 0);
  ASSERT_TRUE(range);
  EXPECT_EQ(ExampleBytes(), Hex(range->commits.at(0)));
}

}  // namespace
}  // namespace entente::log
