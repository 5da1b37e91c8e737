// An erased event is gone from every byte of the log, and nothing else is; and kill -9 at any
// operation leaves the order, or the order carried out, and nothing in between for long.
#include "log/erase.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "log/recovery.h"
#include "log/stopped_log.h"
#include "log/verify.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/how_thorough.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSecret = "Villa-Hammerschmidt";  // the place that must not be found again
constexpr Position kErased(2);

std::string ContentOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// Files under a directory that hold a text, by name.
std::vector<std::string> FilesWith(const fs::path& directory, const std::string& text) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file() && ContentOf(entry.path()).find(text) != std::string::npos) {
      found.push_back(entry.path().filename().string());
    }
  }
  return found;
}

v1::NewEvent Secret() { return Held("meeting/abc", "id-2", "2021-05-05", kSecret); }

class EraseTest : public testing::Test {
 protected:
  // Three events of one commit, and one behind them.
  EraseTest() {
    const auto log = OpenOrFail(directory_.path());
    LogClient client(*log);
    client.MustAppend(
        Batch({Held("meeting/abc", "id-1"), Secret(), Held("meeting/other", "id-3")}));
    client.MustAppend(Batch({Held("meeting/abc", "id-4")}));
    head_ = log->durable();
  }

  Result<ErasureOrder> Erase(Position position = kErased, const LogOptions& options = {}) {
    return EraseEvent(directory_.path(), position, "Landgericht", "order 27 O 123/21", options);
  }
  ErasureOrder MustErase(Position position = kErased, const LogOptions& options = {}) {
    auto order = Erase(position, options);
    if (order) return *std::move(order);
    ADD_FAILURE() << order.error().ToString();
    return {};
  }
  // As a process does that is killed right behind the order.
  void OrderOnly(const LogOptions& options = {}) {
    const auto log = OpenOrFail(directory_.path(), options);
    LogClient client(*log);
    client.MustAppend(ToAppend({kErased, "id-2", "Landgericht", "order", {}, {}}, {}));
  }
  VerifyReport Verify() {
    auto report = VerifyLog(directory_.path());
    if (!report) ADD_FAILURE() << report.error().ToString();
    if (report && report->first_break) ADD_FAILURE() << report->first_break->ToString();
    return report ? *std::move(report) : VerifyReport();
  }

  ScratchDirectory directory_;
  ChainPoint head_;
};

TEST_F(EraseTest, NoFileHoldsAnyOfIt) {
  ASSERT_THAT(FilesWith(directory_.path(), kSecret), testing::SizeIs(1));
  MustErase();
  EXPECT_THAT(FilesWith(directory_.path(), kSecret), IsEmpty());
  EXPECT_FALSE(fs::exists(LogFiles(directory_.path()).erasing));
}

// It lies in a sorted run at the bottom, under newer ones, when it is erased.
TEST_F(EraseTest, NoFileHoldsAnyOfItHoweverDeepItLies) {
  for (int n = 0; n < 6; ++n) {
    const auto log = OpenOrFail(directory_.path());
    LogClient client(*log);
    for (int i = 0; i < 50; ++i) client.MustAppend(Batch({Held("meeting/more", "")}));
    client.MustAppend(Batch({Held("meeting/m", fmt::format("more-{}", n))}));
  }
  MustErase();
  EXPECT_THAT(FilesWith(directory_.path(), kSecret), IsEmpty());
}

TEST_F(EraseTest, CopiesThatWerePutAsideGoToo) {
  const LogFiles files(directory_.path());
  for (const fs::path& aside : {files.damaged / "1", files.loading}) {
    fs::create_directories(aside);
    std::ofstream(aside / "000004.log") << "a WAL with " << kSecret;
  }
  MustErase();
  EXPECT_THAT(FilesWith(directory_.path(), kSecret), IsEmpty());
}

TEST_F(EraseTest, ChainPlaceAndOtherEventsStayAsTheyWere) {
  const ErasureOrder order = MustErase();
  EXPECT_EQ(order.ordered_at, Position(5));
  EXPECT_EQ(order.event_id, "id-2");
  const VerifyReport report = Verify();
  ASSERT_EQ(report.erased.size(), 1U);
  EXPECT_EQ(report.erased[0].position, kErased);
  EXPECT_EQ(report.erased[0].ordered_at, Position(5));
  EXPECT_EQ(report.erased[0].authority, "Landgericht");
  EXPECT_EQ(report.erased[0].why, "order 27 O 123/21");
  EXPECT_THAT(report.not_carried_out, IsEmpty());

  const auto log = OpenOrFail(directory_.path());
  EXPECT_EQ(*log->HashAt(head_.position), head_.hash);
  const auto events = AllEvents(*log);
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events[1].event().ShortDebugString(), R"(stream: "meeting/abc" id: "id-2")");
  EXPECT_EQ(events[1].revision(), 2U);
  EXPECT_EQ(events[0].event().meeting_held().place(), "Tokyo");
  EXPECT_EQ(events[2].event().meeting_held().place(), "Tokyo");
  EXPECT_EQ(events[3].revision(), 3U);
  EXPECT_EQ(events[4].event().stream(), kErasuresStream);
  EXPECT_EQ(events[4].event().event_erased().event_id(), "id-2");
}

TEST_F(EraseTest, ItsIdIsKnownForEver) {
  MustErase();
  const auto log = OpenOrFail(directory_.path());
  LogClient client(*log);
  const auto again = client.MustAppend(Batch({Secret()})).events(0);
  EXPECT_TRUE(again.duplicate());
  EXPECT_EQ(again.position(), kErased.value());
  EXPECT_EQ(again.revision(), 2U);
  const Answer other = client.Append(Batch({Held("meeting/abc", "id-2", "2021-05-05", "Bonn")}));
  ASSERT_EQ(other.errors.size(), 1U);
  EXPECT_EQ(other.errors[0].reason, Reason::kIdConflict);
  EXPECT_EQ(other.errors[0].position, kErased);
  EXPECT_EQ(client.MustAppend(Batch({Held("meeting/abc", "id-5")})).events(0).revision(), 4U);
}

TEST_F(EraseTest, AskedForAgainItIsTheSameOrder) {
  MustErase();
  const ErasureOrder again =
      *EraseEvent(directory_.path(), kErased, "somebody else", "another reason");
  EXPECT_EQ(again.ordered_at, Position(5));
  EXPECT_EQ(again.authority, "Landgericht");
  EXPECT_EQ(Verify().events, 5U);
}

TEST_F(EraseTest, SeveralOfOneCommit) {
  MustErase(Position(1));
  MustErase(Position(3));
  MustErase(kErased);
  EXPECT_EQ(Verify().erased.size(), 3U);
  EXPECT_THAT(FilesWith(directory_.path() / "commits", "The Daily"), testing::SizeIs(1));
  MustErase(Position(4));
  EXPECT_THAT(FilesWith(directory_.path(), "The Daily"), IsEmpty());
}

TEST_F(EraseTest, AnOrderIsCarriedOutByWhoeverOpensTheLog) {
  OrderOnly();
  const VerifyReport before = Verify();
  ASSERT_EQ(before.not_carried_out.size(), 1U);
  EXPECT_EQ(before.not_carried_out[0].position, kErased);
  EXPECT_THAT(before.erased, IsEmpty());
  EXPECT_THAT(OpenOrFail(directory_.path())->status().notes,
              ElementsAre("Position 2 was erased, as position 5 orders."));
  EXPECT_EQ(Verify().erased.size(), 1U);
  EXPECT_THAT(FilesWith(directory_.path(), kSecret), IsEmpty());
  EXPECT_THAT(OpenOrFail(directory_.path())->status().notes, IsEmpty());
}

TEST_F(EraseTest, AnOrderThatOnlyTheIndexReachesIsCarriedOut) {
  LogOptions small;
  small.segment_events = 1;
  OrderOnly(small);
  {
    const Result<std::unique_ptr<Index>> index =
        Index::Open(LogFiles(directory_.path()).index, nullptr);
    ASSERT_EQ((*index)->indexed_to().position, Position(5));
  }
  EXPECT_EQ(OpenOrFail(directory_.path())->status().reread, 0U);
  EXPECT_EQ(Verify().erased.size(), 1U);
  EXPECT_THAT(FilesWith(directory_.path(), kSecret), IsEmpty());
}

TEST_F(EraseTest, APowerCutBehindItTakesNothingBack) {
  FaultyFileSystem disk;
  LogOptions options;
  options.env = disk.env();
  MustErase(kErased, options);
  disk.ForgetUnsynced();
  EXPECT_EQ(Verify().erased.size(), 1U);
  EXPECT_THAT(FilesWith(directory_.path(), kSecret), IsEmpty());
}

TEST_F(EraseTest, RefusesWhatCannotBeErased) {
  EXPECT_EQ(Erase(Position(5)).error().reason, Reason::kNotFound);
  EXPECT_EQ(Erase(Position()).error().reason, Reason::kNotFound);
  MustErase();
  const Error of_the_log = Erase(Position(5)).error();
  EXPECT_EQ(of_the_log.reason, Reason::kFieldInvalid);
  EXPECT_THAT(of_the_log.message, HasSubstr("admin/erasures"));
  {
    const auto log = OpenOrFail(directory_.path());
    EXPECT_EQ(Erase(Position(1)).error().reason, Reason::kStoreBusy);
  }
  const ScratchDirectory nothing;
  EXPECT_EQ(EraseEvent(nothing.path(), kErased, "", "why").error().reason, Reason::kFileUnreadable);
}

TEST_F(EraseTest, RefusesALogThatIsNotWhole) {
  for (const auto& entry : fs::directory_iterator(LogFiles(directory_.path()).commits)) {
    if (entry.path().extension() != ".log") continue;
    std::string wal = ContentOf(entry.path());
    const auto at = wal.find("Tokyo");
    if (at == std::string::npos) continue;
    wal.replace(at, 5, "Kyoto");
    std::ofstream(entry.path(), std::ios::binary) << wal;
  }
  const auto refused = Erase();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kStoreDamaged);
}

// Runs a process that erases position 2 and kills itself before its nth operation on files; false
// once there are not so many.
bool KilledAt(const fs::path& log, int nth) {
  std::vector<std::string> words = {ENTENTE_ERASE_SUBJECT, log.string(), std::to_string(nth)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  EXPECT_EQ(posix_spawn(&pid, words[0].c_str(), nullptr, nullptr, arguments.data(), environ), 0);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "at " << nth;
  return WIFSIGNALED(status);
}

// Killed before every operation with --all, else before every third.
TEST_F(EraseTest, KilledAtAnyOperationItIsDoneByTheNext) {
  const ScratchDirectory scratch;
  const fs::path log = scratch.path() / "log";
  int ordered = 0;
  int emptied = 0;
  bool killed = true;
  for (int nth = 1; killed; nth += Thoroughly(1, 3)) {
    SCOPED_TRACE(fmt::format("killed before operation {}", nth));
    fs::remove_all(log);
    fs::copy(directory_.path(), log, fs::copy_options::recursive);
    killed = KilledAt(log, nth);
    auto report = VerifyLog(log);
    ASSERT_TRUE(report) << report.error().ToString();
    // An empty body without an order would be one.
    ASSERT_FALSE(report->first_break) << report->first_break->ToString();
    if (!report->not_carried_out.empty()) ++ordered;
    if (!report->erased.empty() && !report->notes.empty()) ++emptied;
    const bool given = report->events == 5;
    if (nth % 2 == 0) {
      OpenOrFail(log);
    } else {
      ASSERT_TRUE(EraseEvent(log, kErased, "Landgericht", "order 27 O 123/21"));
    }
    report = VerifyLog(log);
    const bool erased = given || nth % 2 != 0;
    EXPECT_EQ(report->events, erased ? 5U : 4U);
    EXPECT_EQ(report->erased.size(), erased ? 1U : 0U);
    EXPECT_THAT(report->not_carried_out, IsEmpty());
    EXPECT_THAT(report->notes, IsEmpty());
    EXPECT_THAT(FilesWith(log, kSecret), testing::SizeIs(erased ? 0 : 1));
  }
  // It was killed between order and emptying, and between emptying and removing.
  EXPECT_GT(ordered, 0);
  EXPECT_GT(emptied, 0);
}

}  // namespace
}  // namespace entente::log
