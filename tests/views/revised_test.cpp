// Where two change feeds part.
#include "views/feed/revised.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/views/history.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kHead = 100'000;

// Changes by position, one each; stored at kHead.
class FeedOf {
 public:
  explicit FeedOf(const std::map<std::uint64_t, v1::Change>& changes)
      : store_(*ViewStore::Open(directory_.path(), "g1")) {
    v1::ViewDelta delta;
    delta.set_generation("g1");
    delta.set_to_position(kHead);
    delta.set_chain_hash(std::string(32, 'c'));
    for (const auto& [position, change] : changes) {
      v1::Row* row = delta.add_rows();
      row->set_key(Key(View::kChange).U64(position).U16(0).bytes());
      row->set_value(change.SerializeAsString());
    }
    EXPECT_TRUE(store_->Apply(delta));
  }
  std::unique_ptr<Snapshot> Look() const { return store_->TakeSnapshot(); }

 private:
  ScratchDirectory directory_;
  std::unique_ptr<ViewStore> store_;
};

v1::Change Of(const std::string& country,
              v1::ChangeType::Value reason = v1::ChangeType::scheduled) {
  v1::Change change;
  change.set_subject("meeting/m");
  change.add_reasons(reason);
  change.add_terms_after("country/" + country);
  return change;
}

FeedFilter Country(const std::string& code) {
  v1::Filter filter;
  filter.add_countries(code);
  return *FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(),
                              domain::Vocabulary::BuiltIn());
}

Cursor At(std::uint64_t position) { return {Position(position), Ordinal(0)}; }

// What differs up to a position, looked for `rows` at a time.
std::vector<RevisedChange> Compare(const FeedOf& before, const FeedOf& after, std::uint64_t up_to,
                                   std::size_t rows = 1) {
  const auto left = before.Look();
  const auto right = after.Look();
  FeedComparison comparison(*left, *right, Position(up_to));
  while (!comparison.Step(rows)) {
  }
  EXPECT_FALSE(comparison.more());
  return comparison.revised();
}

std::vector<std::uint64_t> PositionsOf(const std::vector<RevisedChange>& revised) {
  std::vector<std::uint64_t> positions;
  for (const RevisedChange& one : revised) positions.push_back(one.cursor.position.value());
  return positions;
}

TEST(FeedComparison, WhatIsTheSameIsNotRevised) {
  const std::map<std::uint64_t, v1::Change> changes = {{1, Of("FR")}, {2, Of("JP")}};
  EXPECT_THAT(Compare(FeedOf(changes), FeedOf(changes), kHead), IsEmpty());
  EXPECT_THAT(Compare(FeedOf({}), FeedOf({}), kHead), IsEmpty());
}

TEST(FeedComparison, FindsWhatReadsDifferentlyWhatCameAndWhatWent) {
  const FeedOf before({{1, Of("FR")}, {2, Of("FR")}, {4, Of("IN")}, {9, Of("IN")}});
  const FeedOf after({{1, Of("FR")}, {2, Of("JP")}, {3, Of("JP")}, {9, Of("JP")}});
  for (const std::size_t rows : {1, 2, 100}) {
    const auto revised = Compare(before, after, 8, rows);
    ASSERT_THAT(PositionsOf(revised), ElementsAre(2, 3, 4)) << "9 is above";
    EXPECT_TRUE(revised[0].before && revised[0].after);
    EXPECT_TRUE(!revised[1].before && revised[1].after);
    EXPECT_TRUE(revised[2].before && !revised[2].after);
  }
  EXPECT_THAT(PositionsOf(Compare(before, after, 9)), ElementsAre(2, 3, 4, 9));
}

TEST(CountRevised, CountsWhatMatchesBeforeOrAfterUpToAPlace) {
  const auto revised = Compare(FeedOf({{1, Of("FR")}, {2, Of("FR")}, {3, Of("IN")}}),
                               FeedOf({{1, Of("JP")}, {2, Of("IN")}, {3, Of("FR")}}), kHead);
  EXPECT_EQ(CountRevised(revised, FeedFilter(), At(kHead)), 3);
  EXPECT_EQ(CountRevised(revised, Country("FR"), At(kHead)), 3);
  EXPECT_EQ(CountRevised(revised, Country("IN"), At(kHead)), 2);
  EXPECT_EQ(CountRevised(revised, Country("IN"), At(2)), 1);
  EXPECT_EQ(CountRevised(revised, Country("DE"), At(kHead)), 0);
}

TEST(CountRevised, LeavesOutWhatTheReaderLeavesOut) {
  v1::Change old = Of("FR");
  old.set_backfill(true);
  const auto revised =
      Compare(FeedOf({{1, old}, {2, Of("FR", v1::ChangeType::confirmed)}}), FeedOf({}), kHead);
  FeedFilter filter = Country("FR");
  filter.with_backfill = false;
  EXPECT_EQ(CountRevised(revised, filter, At(kHead)), 0);
  filter.with_backfill = true;
  EXPECT_EQ(CountRevised(revised, filter, At(kHead)), 1);
  filter.with_confirmations = true;
  EXPECT_EQ(CountRevised(revised, filter, At(kHead)), 2);
}

TEST(FeedComparison, IsBounded) {
  std::map<std::uint64_t, v1::Change> many;
  for (std::uint64_t n = 1; n <= FeedComparison::kRevisedMax + 1; ++n) many.emplace(n, Of("FR"));
  const FeedOf none({});
  const FeedOf all(many);
  const auto left = none.Look();
  const auto right = all.Look();
  FeedComparison comparison(*left, *right, Position(kHead));
  EXPECT_TRUE(comparison.Step(kHead));
  EXPECT_EQ(comparison.revised().size(), FeedComparison::kRevisedMax);
  EXPECT_TRUE(comparison.more());
}

}  // namespace
}  // namespace entente::views
