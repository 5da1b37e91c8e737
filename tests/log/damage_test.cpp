// Each byte of a small log damaged or cut off: the right data, or a refusal that names the place.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "log/log.h"
#include "log/recovery.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/how_thorough.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEvents = 3;

void Flip(const fs::path& path, std::uint64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(byte ^ (1 << at % 8)));
}

class DamageTest : public testing::Test {
 protected:
  // A log of three commits, which lie in the WAL, or in a table file once it was opened again.
  void Make(bool reopened) {
    {
      const auto log = OpenOrFail(original_.path(), Options());
      LogClient client(*log);
      for (std::size_t i = 0; i < kEvents; ++i) {
        client.MustAppend(Batch({Held("meeting/abc", fmt::format("id-{}", i))}));
      }
      for (const auto& event : AllEvents(*log)) events_.push_back(event.SerializeAsString());
    }
    if (reopened) OpenOrFail(original_.path(), Options());
  }

  LogOptions Options() {
    LogOptions options;
    options.env = disk_.env();
    options.segment_events = segment_events_;
    return options;
  }

  // A copy with `damage` done to it, opened and read: how many of the events it gave, in order and
  // unchanged; nullopt for a refusal, which must name the file, and the position too where the
  // damage lies among the commits and not in what RocksDB needs to find any of them.
  std::optional<std::size_t> Survivors(const std::function<void(const LogFiles&)>& damage,
                                       bool among_commits = false) {
    ScratchDirectory copy;
    const LogFiles files(copy.path());
    fs::copy(original_.path(), copy.path(), fs::copy_options::recursive);
    damage(files);
    const auto log = Log::Open(copy.path(), Options());
    const auto refused = [&](const Error& error) {
      EXPECT_TRUE(error.reason == Reason::kLogLost || error.reason == Reason::kStoreDamaged ||
                  error.reason == Reason::kStoreIo || error.reason == Reason::kStoreFormat)
          << error.ToString();
      EXPECT_TRUE(error.field.starts_with(copy.path().string())) << error.ToString();
      if (among_commits) {
        EXPECT_TRUE(fs::is_regular_file(error.field)) << error.ToString();
        EXPECT_TRUE(error.position) << error.ToString();
      }
      return std::nullopt;
    };
    if (!log) return refused(log.error());
    std::size_t count = 0;
    for (Position next(1); next <= (*log)->durable().position;) {
      const auto range = (*log)->Read(next, 0);
      if (!range) return refused(range.error());
      for (const std::string& bytes : range->commits) {
        const auto commit = CommitView::Parse(bytes);
        EXPECT_TRUE(commit) << "the log handed out a commit that cannot be read";
        for (std::uint32_t i = 0; commit && i < commit->count(); ++i) {
          EXPECT_EQ(ToRecordedEvent(commit->event(i)).SerializeAsString(), events_[count]);
          ++count;
        }
      }
      next = range->next;
    }
    return count;
  }

  fs::path TheWal(const LogFiles& files) {
    fs::path wal;
    for (const auto& entry : fs::directory_iterator(files.commits)) {
      if (entry.path().extension() == ".log" && (wal.empty() || entry.file_size() > 0)) {
        wal = entry.path();
      }
    }
    return wal;
  }

  std::uint32_t segment_events_ = 1000;
  ScratchDirectory original_;
  FaultyFileSystem disk_;
  std::vector<std::string> events_;
};

TEST_F(DamageTest, TheWalCutAnywhere) {
  Make(false);
  const std::uint64_t size = fs::file_size(TheWal(LogFiles(original_.path())));
  std::size_t last = 0;
  for (std::uint64_t length = 0; length < size; length += Thoroughly(1, 5)) {
    const auto survivors = Survivors(
        [&](const LogFiles& files) {
          fs::resize_file(TheWal(files), length);
          fs::remove(files.witness);
        },
        true);
    // An incomplete end was perhaps never synced; what is whole before it is there.
    ASSERT_TRUE(survivors) << "cut to " << length;
    ASSERT_GE(*survivors, last) << "cut to " << length;
    ASSERT_LT(*survivors, kEvents) << "cut to " << length;
    last = *survivors;
  }
  EXPECT_EQ(last, kEvents - 1);
}

TEST_F(DamageTest, TheWalCutBelowTheWitness) {
  Make(false);
  const std::uint64_t size = fs::file_size(TheWal(LogFiles(original_.path())));
  for (std::uint64_t length = 0; length < size; length += Thoroughly(1, 41)) {
    EXPECT_FALSE(
        Survivors([&](const LogFiles& files) { fs::resize_file(TheWal(files), length); }, true))
        << "cut to " << length;
  }
}

TEST_F(DamageTest, AnyByteOfTheWal) {
  Make(false);
  const std::uint64_t size = fs::file_size(TheWal(LogFiles(original_.path())));
  std::size_t accepted = 0;
  for (std::uint64_t at = 0; at < size; at += Thoroughly(1, 5)) {
    const auto survivors = Survivors(
        [&](const LogFiles& files) {
          Flip(TheWal(files), at);
          fs::remove(files.witness);
        },
        true);
    if (!survivors) continue;
    ++accepted;
    // The third commit says that the second was durable, so only damage to the third itself may
    // be taken for an unsynced end.
    ASSERT_EQ(*survivors, kEvents - 1) << "byte " << at;
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, size / 2);
}

TEST_F(DamageTest, AnyByteOfTheWalBelowTheWitness) {
  Make(false);
  const std::uint64_t size = fs::file_size(TheWal(LogFiles(original_.path())));
  for (std::uint64_t at = 0; at < size; at += Thoroughly(1, 41)) {
    EXPECT_FALSE(Survivors([&](const LogFiles& files) { Flip(TheWal(files), at); }, true)) << at;
  }
}

// Table files, manifest, options, index, witness, lock: damage may go unnoticed only where it does
// no harm.
TEST_F(DamageTest, AnyByteOfAnyFile) {
  segment_events_ = 2;  // so that the index holds something
  Make(true);
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(original_.path())) {
    if (entry.is_regular_file()) {
      files.push_back(fs::relative(entry.path(), original_.path()));
    }
  }
  std::size_t refusals = 0;
  for (const fs::path& file : files) {
    const std::uint64_t size = fs::file_size(original_.path() / file);
    // Options files are long and only read by people.
    const bool dense = file.extension() == ".sst" && file.begin()->string() == "commits";
    const std::uint64_t step = Thoroughly<std::uint64_t>(1, dense ? 11 : size / 6 + 1);
    for (std::uint64_t at = 0; at < size; at += step) {
      const auto survivors =
          Survivors([&](const LogFiles& copy) { Flip(copy.witness.parent_path() / file, at); });
      refusals += !survivors;
      if (file.begin()->string() == "index") {
        ASSERT_TRUE(survivors) << file << " byte " << at << ": an index can be built anew";
      }
      if (survivors) {
        ASSERT_EQ(*survivors, kEvents) << file << " byte " << at;
      }
    }
  }
  EXPECT_GT(refusals, 20);
}

TEST_F(DamageTest, AnyFileMissing) {
  Make(true);
  for (const auto& entry : fs::recursive_directory_iterator(original_.path())) {
    if (!entry.is_regular_file()) continue;
    const fs::path file = fs::relative(entry.path(), original_.path());
    const auto survivors =
        Survivors([&](const LogFiles& copy) { fs::remove(copy.witness.parent_path() / file); });
    if (file.begin()->string() == "index") {
      EXPECT_TRUE(survivors) << file << ": an index can be built anew";
    }
    if (survivors) {
      EXPECT_EQ(*survivors, kEvents) << file;
    }
  }
}

}  // namespace
}  // namespace entente::log
