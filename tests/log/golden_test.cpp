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
#include "log/erase.h"
#include "log/log.h"
#include "log/recovery.h"
#include "log/verify.h"
#include "tests/event/sample_events.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(ENTENTE_SOURCE_DIR) / "tests/golden";
const fs::path kFormat = fs::path(ENTENTE_SOURCE_DIR) / "docs/format.md";

std::string Text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr std::int64_t kBegin = 1'619'222'400'000;  // 2021-04-24

// Three appends, one of them over several commits.
void AppendFew(const fs::path& directory) {
  std::int64_t now = kBegin;
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
  many.reserve(7);
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

// Each payload that there is with all of its fields, one event of the log's own, and one that was
// erased.
void AppendEveryPayload(const fs::path& directory) {
  std::int64_t now = kBegin;
  LogOptions options;
  options.wall_clock = [&] { return now; };
  options.boot_clock = [&] { return now; };
  Position erased;
  {
    const auto log = OpenOrFail(directory, options);
    LogClient client(*log);
    for (const domain::SampleEvent& sample : domain::SampleEvents()) {
      v1::NewEvent event = sample.event;
      event.set_id(sample.name);
      client.MustAppend(Batch({event}));
      now += 1000;
    }
    const auto secret = client.MustAppend(Batch({Held("meeting/m-1", "secret")}));
    erased = Position(secret.events(0).position());
    v1::NewEvent turned;
    turned.set_stream("admin/clock");
    turned.set_id("clock-held");
    turned.set_reported("2021-04-24");
    turned.mutable_source()->set_publisher("entente");
    turned.mutable_source()->set_class_(v1::Source::official);
    turned.mutable_clock_adjusted()->set_action("held");
    turned.mutable_clock_adjusted()->mutable_wall()->set_seconds(kBegin / 1000);
    turned.mutable_clock_adjusted()->mutable_recorded_until()->set_seconds(kBegin / 1000 + 60);
    client.MustAppend(Batch({turned}));
  }
  const auto order = EraseEvent(directory, erased, "A court", "order 1/21", options);
  EXPECT_TRUE(order) << order.error().ToString();
}

struct GoldenLog {
  const char* name;
  void (*append)(const fs::path& directory);

  fs::path store() const { return kGolden / name; }
  fs::path lines() const { return kGolden / fmt::format("{}.jsonl", name); }
};

const GoldenLog kLogs[] = {{"log-format-1", AppendFew},
                           {"log-format-1-every-payload", AppendEveryPayload}};

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

class Golden : public testing::TestWithParam<GoldenLog> {};

// ENTENTE_WRITE_GOLDEN=1 writes those that are not there. One that is there is never written anew.
TEST_P(Golden, IsWrittenOnceOnRequest) {
  const GoldenLog& golden = GetParam();
  if (std::getenv("ENTENTE_WRITE_GOLDEN") == nullptr || fs::exists(golden.store())) {
    GTEST_SKIP() << "not requested, or there";
  }
  golden.append(golden.store());
  std::ofstream(golden.lines()) << Lines(*OpenOrFail(golden.store()));
  fs::remove_all(golden.store() / "index");
  fs::remove(golden.store() / "lock");
  fs::remove(golden.store() / "commits/LOCK");
}

TEST_P(Golden, TheStoreOfFormat1IsRead) {
  ScratchDirectory copy;
  fs::copy(GetParam().store(), copy.path(), fs::copy_options::recursive);
  const auto report = VerifyLog(copy.path());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_FALSE(report->first_break) << report->first_break->ToString();
  EXPECT_TRUE(report->notes.empty());
  const auto log = OpenOrFail(copy.path());
  EXPECT_EQ(Lines(*log), Text(GetParam().lines()));
}

TEST_P(Golden, TheSameAppendsMakeTheSameBytes) {
  ScratchDirectory now;
  GetParam().append(now.path());
  EXPECT_EQ(Lines(*OpenOrFail(now.path())), Text(GetParam().lines()));
}

INSTANTIATE_TEST_SUITE_P(Logs, Golden, testing::ValuesIn(kLogs),
                         [](const auto& info) { return info.index == 0 ? "Few" : "EveryPayload"; });

// A payload that is in no golden log could be read otherwise one day, and nobody would see it.
TEST(GoldenPayloads, AreAllThatThereAre) {
  const auto* const payload = v1::NewEvent::descriptor()->FindOneofByName("payload");
  const std::string lines = Text(kLogs[1].lines());
  for (int i = 0; i < payload->field_count(); ++i) {
    const std::string& name = payload->field(i)->name();
    EXPECT_NE(lines.find("\"" + name + "\":"), std::string::npos) << name;
  }
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

TEST(GoldenDocument, ShowsTheFirstCommit) {
  ScratchDirectory copy;
  fs::copy(kLogs[0].store(), copy.path(), fs::copy_options::recursive);
  const auto log = OpenOrFail(copy.path());
  const auto range = log->Read(Position(1), 0);
  ASSERT_TRUE(range);
  EXPECT_EQ(ExampleBytes(), Hex(range->commits.at(0)));
}

}  // namespace
}  // namespace entente::log
