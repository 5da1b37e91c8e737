// Postings: the bytes of a block, and walking against a plain list.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/views/history.h"
#include "views/postings/block.h"
#include "views/postings/postings.h"

namespace entente::views {
namespace {

Cursor At(std::uint64_t position, std::uint16_t ordinal = 0) {
  return {Position(position), Ordinal(ordinal)};
}

TEST(Block, PinsItsBytes) {
  std::string block = NewBlock();
  AddToBlock(At(7), At(7, 1), &block);
  AddToBlock(At(7, 1), At(307, 2), &block);
  EXPECT_EQ(block, std::string("\0\x03\0\x01\xac\x02\x02", 7));
  EXPECT_EQ(BlockCursors(At(7), block), (std::vector{At(7), At(7, 1), At(307, 2)}));
}

TEST(Block, ATornOneGivesWhatCanBeRead) {
  std::string block = NewBlock();
  AddToBlock(At(1), At(400), &block);
  block.pop_back();
  EXPECT_EQ(BlockCursors(At(1), block), std::vector{At(1)});
  EXPECT_TRUE(BlockCursors(At(1), "").empty());
}

TEST(Term, IsReadFromItsWord) {
  EXPECT_EQ(ParseTerm("country/JP"), (Term{TermKind::kCountry, "JP"}));
  EXPECT_EQ(ParseTerm("type/held"), (Term{TermKind::kType, "held"}));
  EXPECT_EQ(TermText(TermKind::kTopic, "xinjiang"), "topic/xinjiang");
  EXPECT_EQ(ParseTerm("nonsense"), (Term{TermKind::kAll, "nonsense"}));
}

TEST(Postings, AWalkReadsItsOwnSortOnlyAndEachBlockOnce) {
  TestViews empty;
  const auto snapshot = empty.store().TakeSnapshot();
  Draft draft(*snapshot);
  OpenPostings postings;
  const Term term{TermKind::kCountry, "JP"};
  constexpr std::uint64_t kBlocks = 10;
  for (std::uint64_t position = 1; position <= kBlocks * kBlockCursors; ++position) {
    postings.Post(PostingListOf("country/JP", PostingSort::kBackfill), At(position), draft);
  }
  postings.Flush(&draft);
  EXPECT_FALSE(PostingWalk(draft, term, PostingSort::kNews, At(0)).Valid());
  EXPECT_EQ(PostingWalk(draft, term, PostingSort::kNews, At(0)).rows_examined(), 0U);
  PostingWalk walk(draft, term, PostingSort::kBackfill, At(1));
  std::uint64_t cursors = 0;
  for (; walk.Valid(); walk.Next()) ++cursors;
  EXPECT_EQ(cursors, kBlocks * kBlockCursors - 1);
  EXPECT_EQ(walk.rows_examined(), kBlocks);
}

RC_GTEST_PROP(Postings, WalkLikeAPlainList, ()) {
  static TestViews empty;
  const auto snapshot = empty.store().TakeSnapshot();
  Draft draft(*snapshot);
  OpenPostings postings;
  const Term term{TermKind::kCountry, "JP"};
  const auto sort = static_cast<PostingSort>(*rc::gen::inRange(0, 4));
  const auto other = static_cast<PostingSort>((static_cast<int>(sort) + 1) % 4);
  // Enough for several blocks now and then.
  const int count = *rc::gen::inRange(0, 400);
  std::vector<Cursor> all;
  std::uint64_t position = 1;
  for (int i = 0; i < count; ++i) {
    const auto step = *rc::gen::inRange<std::uint64_t>(0, 4);
    const auto ordinal = step == 0 && !all.empty()
                             ? static_cast<std::uint16_t>(all.back().ordinal.value() + 1)
                             : std::uint16_t{0};
    position += step == 0 && all.empty() ? 1 : step;
    all.push_back(At(position, ordinal));
    postings.Post(PostingListOf("country/JP", sort), all.back(), draft);
    // Neighbours in key order, which a walk must not run into.
    if (i % 50 == 0) postings.Post(PostingListOf("country/JPX", sort), all.back(), draft);
    if (i % 50 == 0) postings.Post(PostingListOf("country/JO", sort), all.back(), draft);
    if (i % 3 == 0) postings.Post(PostingListOf("country/JP", other), all.back(), draft);
    if (i % 90 == 0) postings.Flush(&draft);
    if (i % 180 == 0) postings = {};  // as after a restart
  }
  postings.Flush(&draft);
  const Cursor after = At(*rc::gen::inRange<std::uint64_t>(0, position + 3));
  PostingWalk walk(draft, term, sort, after);
  auto expected = std::upper_bound(all.begin(), all.end(), after);
  while (true) {
    RC_ASSERT(walk.Valid() == (expected != all.end()));
    if (!walk.Valid()) break;
    RC_ASSERT(walk.cursor() == *expected);
    if (*rc::gen::inRange(0, 4) == 0) {
      const Cursor target =
          At(walk.cursor().position.value() + *rc::gen::inRange<std::uint64_t>(0, 300));
      walk.SkipTo(target);
      expected = std::lower_bound(expected, all.end(), target);
    } else {
      walk.Next();
      ++expected;
    }
  }
}

}  // namespace
}  // namespace entente::views
