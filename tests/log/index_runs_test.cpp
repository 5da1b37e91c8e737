// The runs of the index: whatever is merged, whenever it is closed, they say what was added; and no
// byte of them changes unseen.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "log/index.h"
#include "tests/log/how_thorough.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

namespace fs = std::filesystem;

// An index, and the plain maps that it is held against.
class Pair {
 public:
  explicit Pair(std::uint64_t seed) : random_(seed) { Open(); }

  void Open() {
    index_.reset();
    auto opened = Index::Open(directory_.path());
    ASSERT_TRUE(opened) << opened.error().ToString();
    index_ = *std::move(opened);
  }

  void Add(std::uint64_t events) {
    Segment segment;
    for (std::uint64_t i = 0; i < events; ++i) {
      const Position position(ids_.size() + 1);
      const IdKey id = index_->keys().ForId(std::to_string(position.value()));
      const StreamKey stream = index_->keys().ForStream(std::to_string(Upto(40)));
      auto& places = streams_[stream];
      places.push_back(position);
      ASSERT_TRUE(segment.Add({id, stream, position, Revision(places.size())}));
      ids_.emplace(id, position);
    }
    segment.end.position = Position(ids_.size());
    segment.end.hash[0] = static_cast<std::uint8_t>(ids_.size());
    ASSERT_TRUE(index_->Add(segment));
  }
  void Tidy() { ASSERT_TRUE(index_->Tidy()); }

  void ExpectEqual() {
    EXPECT_EQ(index_->indexed_to().position, Position(ids_.size()));
    EXPECT_EQ(index_->indexed_to().hash[0], static_cast<std::uint8_t>(ids_.size()));
    std::vector<IdKey> keys;
    keys.reserve(ids_.size());
    for (const auto& [id, position] : ids_) keys.push_back(id);
    for (int i = 0; i < 20; ++i) keys.push_back(index_->keys().ForId(fmt::format("absent {}", i)));
    std::vector<Position> positions(keys.size());
    ASSERT_TRUE(index_->FindIds(keys, positions));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto known = ids_.find(keys[i]);
      ASSERT_EQ(positions[i], known == ids_.end() ? Position() : known->second) << i;
    }
    std::map<StreamKey, Revision> last;
    ASSERT_TRUE(index_->ForEachStream(
        [&](const StreamKey& stream, Revision revision) { last[stream] = revision; }));
    ASSERT_EQ(last.size(), streams_.size());
    for (const auto& [stream, places] : streams_) {
      ASSERT_EQ(last.at(stream), Revision(places.size()));
      const Position from(1 + Upto(ids_.size()));
      const std::size_t limit = 1 + Upto(places.size());
      std::vector<Position> expected(std::ranges::lower_bound(places, from), places.end());
      if (expected.size() > limit) expected.resize(limit);
      ASSERT_EQ(index_->StreamPositions(stream, from, limit).value(), expected);
    }
    EXPECT_TRUE(index_->StreamPositions({1, 2}, Position(1), 9)->empty());
  }

  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      count += entry.path().extension() == ".run" ? 1 : 0;
    }
    return count;
  }
  std::uint64_t Upto(std::uint64_t most) { return random_() % (most + 1); }

 private:
  ScratchDirectory directory_;
  std::mt19937_64 random_;
  std::unique_ptr<Index> index_;
  std::map<IdKey, Position> ids_;
  std::map<StreamKey, std::vector<Position>> streams_;
};

TEST(IndexRuns, SayWhatWasAddedHoweverTheyAreMerged) {
  for (std::uint64_t seed = 1; seed <= Thoroughly(200U, 10U); ++seed) {
    SCOPED_TRACE(seed);
    Pair pair(seed);
    const int segments = 70 + static_cast<int>(pair.Upto(80));
    for (int i = 0; i < segments; ++i) {
      // Now and then more than a block of each kind.
      pair.Add(1 + pair.Upto(pair.Upto(9) == 0 ? 900 : 20));
      if (pair.Upto(5) != 0) pair.Tidy();
      if (pair.Upto(9) == 0) pair.Open();  // in the middle of merges
      if (pair.Upto(9) == 0) pair.ExpectEqual();
      if (testing::Test::HasFatalFailure()) return;
    }
    pair.Open();
    pair.ExpectEqual();
  }
}

// Three of each level stay, and one that is being made of four.
TEST(IndexRuns, StayFew) {
  Pair pair(1);
  std::size_t most = 0;
  for (int i = 1; i <= 600; ++i) {
    pair.Add(10);
    pair.Tidy();
    most = std::max(most, pair.files());
  }
  EXPECT_LE(most, 6U * 5U);
  pair.ExpectEqual();
}

// Every byte counts: of the list, of entries, of what fills a block up.
TEST(IndexRuns, NoByteChangesUnseen) {
  ScratchDirectory directory;
  const fs::path whole = directory.path() / "whole";
  std::vector<StreamKey> streams;
  std::vector<IdKey> ids;
  {
    const auto index = *Index::Open(whole);
    Segment segment;
    for (std::uint64_t i = 1; i <= 300; ++i) {
      streams.push_back(index->keys().ForStream(std::to_string(i % 7)));
      ids.push_back(index->keys().ForId(std::to_string(i)));
      ASSERT_TRUE(segment.Add({ids.back(), streams.back(), Position(i), Revision(i / 7 + 1)}));
    }
    segment.end.position = Position(300);
    ASSERT_TRUE(index->Add(segment));
  }
  const auto error_of = [&](const fs::path& path) -> std::optional<Error> {
    const auto index = Index::Open(path);
    if (!index) return index.error();
    std::vector<Position> positions(ids.size());
    Status status = (*index)->FindIds(ids, positions);
    if (status) status = (*index)->ForEachStream([](const StreamKey&, Revision) {});
    for (const StreamKey& stream : streams) {
      const auto places = (*index)->StreamPositions(stream, Position(1), 1'000);
      if (status && !places) status = Fail(places.error());
    }
    return status ? std::nullopt : std::optional(status.error());
  };
  ASSERT_EQ(error_of(whole), std::nullopt);
  const fs::path harmed = directory.path() / "harmed";
  fs::copy(whole, harmed);
  for (const char* name : {"runs", "1.run"}) {
    std::string bytes;
    {
      std::ifstream in(whole / name, std::ios::binary);
      bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    const std::size_t step = bytes.size() < 1'000 ? 1 : Thoroughly(1U, 61U);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      std::string other = bytes;
      other[at] = static_cast<char>(other[at] ^ (1 << at % 8));
      std::ofstream(harmed / name, std::ios::binary) << other;
      const auto error = error_of(harmed);
      ASSERT_TRUE(error) << name << " at " << at;
      EXPECT_TRUE(error->reason == Reason::kStoreDamaged || error->reason == Reason::kStoreFormat)
          << error->ToString();
      fs::remove(harmed / "damaged");
    }
    std::ofstream(harmed / name, std::ios::binary) << bytes;
  }
  EXPECT_EQ(error_of(harmed), std::nullopt);
}

}  // namespace
}  // namespace entente::log
