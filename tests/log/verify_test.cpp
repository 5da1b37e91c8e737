// Verifying, dumping and loading a log.
#include "log/verify.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "log/commit_layout.h"
#include "log/dump.h"
#include "log/erase.h"
#include "log/log.h"
#include "log/recovery.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

using testing::HasSubstr;

class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    LogOptions options;
    options.commit_bytes_max = 600;  // so that an append of many events takes several commits
    const auto log = OpenOrFail(directory_.path(), options);
    LogClient client(*log);
    client.MustAppend(Batch({Held("meeting/abc", "id-1"), Held("meeting/abc", "id-2")}));
    std::vector<v1::NewEvent> many;
    for (int i = 0; i < 20; ++i) many.push_back(Held(fmt::format("meeting/m-{}", i % 3), ""));
    for (int i = 0; i < 20; ++i)
      many[static_cast<std::size_t>(i)].set_correlation_id("all at once");
    for (int i = 0; i < 20; ++i) {
      many[static_cast<std::size_t>(i)].mutable_source()->set_locator(fmt::format("p. {}", i));
    }
    client.MustAppend(Batch(std::move(many)));
    v1::NewEvent statement = Held("country/JP", "id-3");
    statement.mutable_statement_made()->set_who("JP");
    statement.mutable_statement_made()->add_about("meeting/abc");
    statement.set_backfill(true);
    client.MustAppend(Batch({statement}));
  }

  VerifyReport Verify() {
    auto report = VerifyLog(directory_.path());
    if (!report) {
      ADD_FAILURE() << report.error().ToString();
      return {};
    }
    return std::move(*report);
  }

  // Changes the stored commit that begins at a position; its checksum is made right again.
  void Tamper(std::uint64_t first, const std::function<void(std::string&)>& change) {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, LogFiles(directory_.path()).commits.string(), &db).ok());
    const std::unique_ptr<rocksdb::DB> owner(db);
    std::string key(8, '\0');
    PutBig(key.data(), first);
    std::string bytes;
    ASSERT_TRUE(db->Get({}, key, &bytes).ok());
    change(bytes);
    const std::size_t covered = bytes.size() - layout::kChecksumSize;
    PutLittle(bytes.data() + covered, XXH3_64bits(bytes.data(), covered));
    ASSERT_TRUE(db->Put({}, key, bytes).ok());
  }

  // Empties the body of position 1, as an erasure does.
  void Erase() {
    Tamper(1, [](std::string& bytes) {
      const auto commit = CommitView::Parse(bytes);
      const EventView event = commit->event(0);
      const std::string stream(event.stream);
      const std::string id(event.id);
      const auto at = [&](std::string_view part) {
        return static_cast<std::size_t>(part.data() - bytes.data());
      };
      bytes.replace(at(event.body), event.body.size(), std::string(event.body.size(), '\0'));
      bytes.replace(at(event.stream), stream.size(), stream);
      bytes.replace(at(event.id), id.size(), id);
    });
  }

  std::vector<v1::DumpLine> Dump() {
    const auto log = OpenOrFail(directory_.path());
    const auto range = log->Read(Position(1), 1 << 20);
    std::vector<v1::DumpLine> lines;
    for (const std::string& bytes : range->commits) {
      for (auto& line : ToDumpLines(*CommitView::Parse(bytes))) lines.push_back(std::move(line));
    }
    return lines;
  }

  ScratchDirectory directory_;
};

TEST_F(VerifyTest, AWholeLogIsWhole) {
  const VerifyReport report = Verify();
  EXPECT_FALSE(report.first_break) << report.first_break->ToString();
  EXPECT_EQ(report.events, 23);
  EXPECT_EQ(report.streams, 5);
  EXPECT_GT(report.commits, 4);
  EXPECT_TRUE(report.notes.empty());
  EXPECT_EQ(OpenOrFail(directory_.path())->durable(), report.end);
}

enum class Tables { kMerged, kEachOfItsOwn };
class VerifyOf : public testing::TestWithParam<Tables> {};
INSTANTIATE_TEST_SUITE_P(Tables, VerifyOf, testing::Values(Tables::kMerged, Tables::kEachOfItsOwn));

// A byte of a table file: the file is named, and the position up to which all could be read. Of up
// to three table files that were not merged yet RocksDB reads all to find a commit, so that may be
// a commit before the damage.
TEST_P(VerifyOf, DamageInATableFileIsNamedWithFileAndPosition) {
  const bool merged = GetParam() == Tables::kMerged;
  const std::uint64_t count = merged ? 9 : 3;
  const ScratchDirectory directory;
  for (std::uint64_t i = 1; i <= count; ++i) {
    // Opening writes what lies in a WAL to a table file. Each commit is larger than a block there.
    const auto log = OpenOrFail(directory.path());
    v1::NewEvent large = Held("meeting/m-1", fmt::format("id-{}", i));
    large.mutable_source()->set_title(fmt::format("{}: {}", i, std::string(9'000, 'x')));
    LogClient(*log).MustAppend(Batch({large}));
  }
  OpenOrFail(directory.path());
  if (merged) {
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, LogFiles(directory.path()).commits.string(), &db).ok());
    EXPECT_TRUE(db->CompactRange({}, nullptr, nullptr).ok());
    delete db;
  }
  std::uint64_t damaged = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(LogFiles(directory.path()).commits)) {
    if (entry.path().extension() != ".sst") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(in), {}};
    in.close();
    for (std::uint64_t i = 1; i <= count; ++i) {
      const std::size_t at = whole.find(fmt::format("{}: xxx", i));
      if (at == std::string::npos) continue;
      ++damaged;
      std::string flipped = whole;
      flipped[at + 4'000] ^= 1;
      std::ofstream(entry.path(), std::ios::binary) << flipped;
      const auto report = VerifyLog(directory.path());
      if (i == count) {  // without the last commit it is not known where the log ends
        ASSERT_FALSE(report);
        EXPECT_EQ(report.error().field, entry.path().string());
        continue;
      }
      ASSERT_TRUE(report) << report.error().ToString();
      ASSERT_TRUE(report->first_break) << i;
      EXPECT_EQ(report->first_break->field, entry.path().string());
      const Position named = report->first_break->position.value();
      EXPECT_EQ(report->end.position.Next(), named) << report->first_break->ToString();
      EXPECT_LE(named, Position(i));
      EXPECT_TRUE(!merged || named == Position(i)) << report->first_break->ToString();
    }
    std::ofstream(entry.path(), std::ios::binary) << whole;
  }
  EXPECT_EQ(damaged, count);
  EXPECT_FALSE(VerifyLog(directory.path())->first_break);
}

TEST_F(VerifyTest, ALogInUseIsLeftAlone) {
  const auto log = OpenOrFail(directory_.path());
  EXPECT_EQ(VerifyLog(directory_.path()).error().reason, Reason::kStoreBusy);
}

TEST_F(VerifyTest, AChangedBodyIsNamed) {
  Tamper(1, [](std::string& bytes) {
    const std::size_t at = bytes.find("Tokyo");
    bytes.replace(at, 5, "Kyoto");
  });
  const VerifyReport report = Verify();
  ASSERT_TRUE(report.first_break);
  EXPECT_EQ(report.first_break->position, Position(1));
  EXPECT_THAT(report.first_break->message, HasSubstr("the content does not have the digest"));
  EXPECT_EQ(report.events, 0);
}

TEST_F(VerifyTest, AChangedCarriageIsNamed) {
  Tamper(23, [](std::string& bytes) { bytes.replace(bytes.find("id-3"), 4, "id-4"); });
  const VerifyReport report = Verify();
  ASSERT_TRUE(report.first_break);
  EXPECT_EQ(report.first_break->position, Position(23));
  EXPECT_THAT(report.first_break->message, HasSubstr("the carriage does not have the digest"));
  EXPECT_EQ(report.end.position, Position(22));
}

TEST_F(VerifyTest, AChangedTableBreaksTheChain) {
  Tamper(1, [](std::string& bytes) { bytes[layout::kHeaderSize + layout::kRevisionAt] ^= 2; });
  EXPECT_THAT(Verify().first_break->message, HasSubstr("do not have the hash"));
}

// Whoever changes a commit and all its digests cannot change what the next one says of it.
TEST_F(VerifyTest, AForgedCommitBreaksTheChainAtTheNext) {
  Tamper(1, [](std::string& bytes) {
    bytes[layout::kHeaderSize + layout::kRowFlagsAt] ^= 2;
    Sha256 sha;
    const Digest forged =
        sha.Of(std::string_view(bytes).substr(0, layout::kHeaderSize + 2 * layout::kRowSize));
    bytes.replace(bytes.size() - layout::kTrailerSize, forged.size(), BytesOf(forged));
  });
  const VerifyReport report = Verify();
  EXPECT_EQ(report.first_break->position, Position(3));
  EXPECT_THAT(report.first_break->message, HasSubstr("does not continue the chain"));
}

TEST_F(VerifyTest, AnEmptiedBodyNeedsAnOrder) {
  Erase();
  const VerifyReport report = Verify();
  EXPECT_EQ(report.first_break->position, Position(1));
  EXPECT_THAT(report.first_break->message, HasSubstr("no event says that it was erased"));
}

TEST_F(VerifyTest, AnErasedEventIsStillKnownByItsId) {
  Erase();
  {
    const auto log = OpenOrFail(directory_.path());
    LogClient client(*log);
    EXPECT_TRUE(client.MustAppend(Batch({Held("meeting/abc", "id-1")})).events(0).duplicate());
    v1::NewEvent order = Held("admin/erasures", "order");
    order.mutable_event_erased()->set_position(1);
    client.MustAppend(Batch({order}));
    EXPECT_EQ(AllEvents(*log)[0].event().id(), "id-1");
  }
  const VerifyReport report = Verify();
  EXPECT_FALSE(report.first_break) << report.first_break->ToString();
  ASSERT_EQ(report.erased.size(), 1U);
  EXPECT_EQ(report.erased[0].position, Position(1));
}

TEST_F(VerifyTest, WhatIsHiddenInAnEmptiedBodyIsNamed) {
  Tamper(1, [](std::string& bytes) {
    const auto commit = CommitView::Parse(bytes);
    bytes[static_cast<std::size_t>(commit->event(0).body.data() - bytes.data())] = '\0';
  });
  EXPECT_THAT(Verify().first_break->message, HasSubstr("neither empty nor what was appended"));
}

TEST_F(VerifyTest, ADumpWithAnErasedEventLoadsByteForByte) {
  ASSERT_TRUE(EraseEvent(directory_.path(), Position(1), "a court", "why"));
  ASSERT_TRUE(EraseEvent(directory_.path(), Position(23), "a court", "why"));
  const std::vector<v1::DumpLine> lines = Dump();
  EXPECT_TRUE(lines[1].has_erased());
  EXPECT_FALSE(lines[2].has_erased());
  ScratchDirectory copy;
  {
    auto loader = LogLoader::Open(copy.path());
    ASSERT_TRUE(loader);
    for (const auto& line : lines) {
      const auto added = loader->Add(line);
      ASSERT_TRUE(added) << added.error().ToString();
    }
    ASSERT_TRUE(loader->Finish());
  }
  const auto original = OpenOrFail(directory_.path());
  EXPECT_EQ(original->Read(Position(1), 1 << 20)->commits,
            OpenOrFail(copy.path())->Read(Position(1), 1 << 20)->commits);
  EXPECT_EQ(VerifyLog(copy.path())->erased.size(), 2U);
}

TEST_F(VerifyTest, ADumpLoadsByteForByte) {
  const std::vector<v1::DumpLine> lines = Dump();
  ScratchDirectory copy;
  {
    auto loader = LogLoader::Open(copy.path());
    ASSERT_TRUE(loader);
    for (const auto& line : lines) {
      const auto added = loader->Add(line);
      ASSERT_TRUE(added) << added.error().ToString();
    }
    ASSERT_TRUE(loader->Finish());
  }
  const auto original = OpenOrFail(directory_.path());
  const auto loaded = OpenOrFail(copy.path());
  EXPECT_EQ(original->durable(), loaded->durable());
  EXPECT_EQ(original->Read(Position(1), 1 << 20)->commits,
            loaded->Read(Position(1), 1 << 20)->commits);
  LogClient client(*loaded);
  EXPECT_TRUE(client.MustAppend(Batch({Held("meeting/abc", "id-2")})).events(0).duplicate());
}

TEST_F(VerifyTest, WhatIsNoDumpIsNotLoaded) {
  const std::vector<v1::DumpLine> lines = Dump();
  struct Case {
    const char* what;
    std::function<void(std::vector<v1::DumpLine>&)> change;
    Reason reason;
  };
  const Case cases[] = {
      {"a changed event",
       [](auto& dump) { dump[1].mutable_event()->mutable_event()->set_reported("1999"); },
       Reason::kLogDiverged},
      {"a changed commit",
       [](auto& dump) { dump[0].mutable_commit()->mutable_wall()->set_seconds(1); },
       Reason::kLogDiverged},
      {"an event missing", [](auto& dump) { dump.erase(dump.begin() + 1); }, Reason::kFieldInvalid},
      {"a commit missing", [](auto& dump) { dump.erase(dump.begin(), dump.begin() + 3); },
       Reason::kFieldInvalid},
      {"no commit before the events", [](auto& dump) { dump.erase(dump.begin()); },
       Reason::kFieldInvalid},
      {"an empty line", [](auto& dump) { dump[0].Clear(); }, Reason::kFieldRequired},
      {"the end missing", [](auto& dump) { dump.pop_back(); }, Reason::kFieldRequired},
      {"an append cut in two", [](auto& dump) { dump.resize(6); }, Reason::kFieldRequired},
      {"an event without its payload",
       [](auto& dump) { dump[1].mutable_event()->mutable_event()->clear_meeting_held(); },
       Reason::kFieldInvalid},
      {"an event that is there and said to be erased",
       [](auto& dump) { dump[1].mutable_erased()->set_body_size(9); }, Reason::kFieldInvalid},
      {"an erased event whose id lies outside its body",
       [](auto& dump) {
         dump[1].mutable_event()->mutable_event()->clear_meeting_held();
         v1::ErasedBody& erased = *dump[1].mutable_erased();
         erased.set_body_size(100);
         erased.set_stream_offset(2);
         erased.set_id_offset(99);
         erased.set_content_digest(std::string(32, 'a'));
         erased.set_carriage_digest(std::string(32, 'a'));
       },
       Reason::kFieldInvalid},
  };
  for (const Case& c : cases) {
    std::vector<v1::DumpLine> changed = lines;
    c.change(changed);
    ScratchDirectory copy;
    auto loader = LogLoader::Open(copy.path());
    ASSERT_TRUE(loader);
    Status status;
    for (std::size_t i = 0; status && i < changed.size(); ++i) status = loader->Add(changed[i]);
    if (status) {
      const auto finished = loader->Finish();
      ASSERT_FALSE(finished) << c.what;
      status = Fail(finished.error());
    }
    EXPECT_EQ(status.error().reason, c.reason) << c.what << ": " << status.error().ToString();
  }
}

TEST_F(VerifyTest, ADumpIsLoadedOnlyWhereThereIsNoLog) {
  EXPECT_EQ(LogLoader::Open(directory_.path()).error().reason, Reason::kFileUnreadable);
}

}  // namespace
}  // namespace entente::log
