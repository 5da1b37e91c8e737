// Verifying views: whatever is changed in a stored row, or missing, is named.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <fstream>
#include <map>
#include <set>

#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/rows/key.h"
#include "views/verify/compare_rows.h"
#include "views/verify/refold.h"
#include "views/verify/row_words.h"

namespace entente::views {
namespace {

using testing::HasSubstr;
using testing::Not;

// Views on disk that nobody holds, and the same log folded anew beside them.
class Verified {
 public:
  explicit Verified(const History& history) {
    auto stored = ViewStore::Open(stored_path(), "g1");
    EXPECT_TRUE(stored);
    auto refold = Refold::Begin(directory_.path() / "refold");
    EXPECT_TRUE(refold);
    const auto project = ProjectionRules::BuiltIn().begin();
    for (const std::string& bytes : history.commits()) {
      const auto commit = *log::CommitView::Parse(bytes);
      // Cut otherwise than the refold cuts.
      auto projected = project->Project(*(*stored)->TakeSnapshot(), std::span(&commit, 1));
      EXPECT_TRUE(projected && (*stored)->Apply(projected->delta));
      EXPECT_TRUE(refold->Take(commit));
    }
    EXPECT_TRUE(refold->Finish());
    EXPECT_EQ(refold->store().checkpoint(), (*stored)->checkpoint());
    refold_ = std::make_unique<Refold>(*std::move(refold));
  }

  std::filesystem::path stored_path() const { return directory_.path() / "stored"; }

  // The way of a fault that no checksum sees: written as if it were right.
  void Change(const std::function<void(rocksdb::WriteBatch&)>& change) {
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, stored_path().string(), &raw).ok());
    const std::unique_ptr<rocksdb::DB> db(raw);
    rocksdb::WriteBatch batch;
    change(batch);
    ASSERT_TRUE(db->Write({}, &batch).ok());
    ASSERT_TRUE(db->Flush({}).ok());
  }

  Result<RowComparison> Compare() {
    auto store = ViewStore::OpenToRead(stored_path());
    if (!store) return Fail(store.error());
    const auto stored = (*store)->TakeSnapshot();
    const auto folded = refold_->store().TakeSnapshot();
    return CompareRows(*RowsOf(*stored), *RowsOf(*folded));
  }

  // All rows as they should be.
  std::vector<StoredRow> Rows() const {
    std::vector<StoredRow> rows;
    const auto snapshot = refold_->store().TakeSnapshot();
    const auto stream = RowsOf(*snapshot);
    for (auto row = *stream->Next(); row; row = *stream->Next()) rows.push_back(*row);
    return rows;
  }
  RowsDigest Digest() const { return *DigestOfRows(*refold_->store().TakeSnapshot()); }

 private:
  ScratchDirectory directory_;
  std::unique_ptr<Refold> refold_;
};

TEST(VerifyViews, RowsThatFollowFromTheLogAreProved) {
  ForSeeds(2, [](Dice* dice) {
    Verified verified(RandomHistory(dice, 60));
    const auto compared = verified.Compare();
    ASSERT_TRUE(compared) << compared.error().ToString();
    EXPECT_FALSE(compared->difference);
    EXPECT_EQ(compared->stored.sha256, verified.Digest().sha256);
    EXPECT_EQ(compared->stored.rows, verified.Rows().size());
  });
}

TEST(VerifyViews, EveryRowWithABitFlippedOrMissingOrTooManyIsNamed) {
  ForSeeds(1, [](Dice* dice) {
    Verified verified(RandomHistory(dice, 15));
    const auto rows = verified.Rows();
    std::set<char> views;
    for (const StoredRow& row : rows) {
      // One of each view in full, of the others some.
      if (!views.insert(row.key[0]).second && Below(dice, 40) != 0) continue;
      const auto first_difference = [&] {
        const auto compared = verified.Compare();
        EXPECT_TRUE(compared) << compared.error().ToString();
        return compared->difference.value_or(RowDifference());
      };
      if (!row.value.empty()) {
        std::string flipped = row.value;
        const int bit = Below(dice, static_cast<int>(8 * flipped.size()));
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        verified.Change([&](auto& batch) { batch.Put(row.key, flipped); });
        const auto found = first_difference();
        EXPECT_EQ(found.key, row.key);
        EXPECT_EQ(found.stored, flipped);
        EXPECT_EQ(found.folded, row.value);
        const auto words = InWords(found);
        EXPECT_NE(words.stored, words.folded) << words.key;
      }
      verified.Change([&](auto& batch) { batch.Delete(row.key); });
      EXPECT_EQ(first_difference().key, row.key);
      EXPECT_EQ(first_difference().stored, std::nullopt);
      const std::string invented = row.key + "!";
      verified.Change([&](auto& batch) {
        batch.Put(row.key, row.value);
        batch.Put(invented, "");
      });
      EXPECT_EQ(first_difference().key, invented);
      EXPECT_EQ(first_difference().folded, std::nullopt);
      verified.Change([&](auto& batch) { batch.Delete(invented); });
    }
    EXPECT_GE(views.size(), 12U);
    EXPECT_FALSE(verified.Compare()->difference);
  });
}

TEST(VerifyViews, ABitFlippedOnTheDiskIsNotTheEndOfTheRows) {
  ForSeeds(1, [](Dice* dice) {
    Verified verified(RandomHistory(dice, 60));
    verified.Change([](auto&) {});  // rows are in a table now
    for (const auto& file : std::filesystem::directory_iterator(verified.stored_path())) {
      if (file.path().extension() != ".sst") continue;
      std::fstream table(file.path(), std::ios::in | std::ios::out | std::ios::binary);
      table.seekg(static_cast<std::streamoff>(file.file_size() / 3));
      const char byte = static_cast<char>(table.peek() ^ 4);
      table.seekp(table.tellg());
      table.put(byte);
    }
    const auto compared = verified.Compare();
    ASSERT_FALSE(compared) << "the rest of the rows was taken for missing";
    EXPECT_EQ(compared.error().reason, Reason::kStoreDamaged);
  });
}

TEST(VerifyViews, OpeningToReadLeavesTheFilesAlone) {
  const ScratchDirectory directory;
  ASSERT_TRUE(ViewStore::Open(directory.path() / "g7", "g7"));
  const auto files = [&] {
    std::map<std::string, std::uintmax_t> all;
    for (const auto& file : std::filesystem::directory_iterator(directory.path() / "g7")) {
      all[file.path().filename()] = file.file_size();
    }
    return all;
  };
  const auto before = files();
  {
    const auto store = ViewStore::OpenToRead(directory.path() / "g7");
    ASSERT_TRUE(store) << store.error().ToString();
    EXPECT_EQ((*store)->generation(), "g7");
    EXPECT_EQ((*store)->projection_version(), kProjectionVersion);
  }
  EXPECT_EQ(files(), before);
  EXPECT_EQ(ViewStore::OpenToRead(directory.path() / "none").error().reason, Reason::kStoreIo);
}

TEST(VerifyViews, ARowIsSaidSoThatAPersonFindsIt) {
  History history;
  history.Append({R"({"stream":"meeting/de","id":"r1","reported":"2021-05-05",
      "source":{"publisher":"The Daily","class":"media","locator":"p. 4"},
      "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"DE"}]},
      "meeting_scheduled":{"date":{"edtf":"2021-04-13"}}})"});
  Verified verified(history);
  std::string all;
  for (const StoredRow& row : verified.Rows()) {
    all += KeyInWords(row.key) + " = " + ValueInWords(row.key, row.value) + "\n";
  }
  constexpr const char* kClaimed =
      "claimed: country/JP, at 2021-04-13 to 2021-04-13, \"2021-04-13\", meeting/de = earliest "
      "2021-04-13, latest 2021-04-13, first reported 2021-05-05, first position 1\n";
  for (const char* line :
       {"report: of meeting/de, position 1 = {", "event: id r1 = position 1, stream meeting/de\n",
        "postings: country/JP, sort 0, from position 1, ordinal 0 = bytes 0001\n",
        "listed under: country/JP, at 2021-04-13 to 2021-04-13, \"2021-04-13\", meeting/de = flags",
        "number of: all meetings = meetings 1, of these possibly 0\n", kClaimed,
        "told of: meeting/de = last position 1, last reported 2021-05-05\n",
        "horizon: of reports = reports 1, from 2021-05-05, to 2021-05-05\n",
        "recorded: at 2021-05-03T"}) {
    EXPECT_THAT(all, HasSubstr(line));
  }
  EXPECT_THAT(all, Not(HasSubstr(": bytes"))) << "a key nobody can read";
  EXPECT_THAT(KeyInWords("\x66odd"), HasSubstr("no view"));
}

}  // namespace
}  // namespace entente::views
