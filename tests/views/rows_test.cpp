// Keys sort as their parts do, and a draft reads like the rows it will become.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/views/history.h"
#include "views/rows/draft.h"
#include "views/rows/key.h"
#include "views/rows/overlay.h"
#include "views/rows/seen_keys.h"
#include "views/rows/sort_rows.h"

namespace entente::views {
namespace {

TEST(Key, PinsItsBytes) {
  EXPECT_EQ(Key(View::kReport).Text("meeting/abc").U64(258).bytes(),
            std::string("\x20meeting/abc\0\0\0\0\0\0\0\x01\x02", 21));
  EXPECT_EQ(Key(View::kChange).U64(1).U16(2).bytes(),
            std::string("\x30\0\0\0\0\0\0\0\x01\0\x02", 11));
}

TEST(Key, EndStandsBehindEverythingThatBeginsWithThePrefix) {
  EXPECT_EQ(EndOf("ab"), "ac");
  EXPECT_EQ(EndOf(std::string("a\xff", 2)), "b");
  EXPECT_EQ(EndOf(std::string("\xff\xff", 2)), "");
}

TEST(Key, ReaderStopsAtTheFirstPartThatDoesNotFit) {
  KeyReader reader(std::string_view("\0\x01zz", 4));
  EXPECT_EQ(reader.U16(), 1);
  EXPECT_EQ(reader.U64(), 0);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0);
}

RC_GTEST_PROP(Key, SortsAsItsPartsDo, ()) {
  const auto part = [] {
    return std::pair{*rc::gen::container<std::string>(rc::gen::inRange('a', 'd')),
                     *rc::gen::arbitrary<std::uint64_t>()};
  };
  const auto a = part();
  const auto b = part();
  const auto key = [](const auto& parts) {
    return Key(View::kReport).Text(parts.first).U64(parts.second).bytes();
  };
  RC_ASSERT((a < b) == (key(a) < key(b)));
  RC_ASSERT(a == b || !key(b).starts_with(key(a)));
}

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows Read(std::unique_ptr<Snapshot::Scan> scan) {
  Rows rows;
  for (; scan->Valid(); scan->Next()) rows.emplace_back(scan->key(), scan->value());
  return rows;
}

// Two layers of drafts over a store against a plain map.
RC_GTEST_PROP(Draft, ReadsLikeTheRowsItWillBecome, ()) {
  const auto key = [] {
    return "\x20" + *rc::gen::container<std::string>(2, rc::gen::inRange('a', 'e'));
  };
  std::map<std::string, std::string> model;
  TestViews views;
  v1::ViewDelta base;
  base.set_generation("g1");
  base.set_to_position(1);
  base.set_chain_hash(std::string(32, '\1'));
  for (int i = 0; i < 8; ++i) {
    v1::Row* row = base.add_rows();
    row->set_key(key());
    row->set_value("base");
    model[row->key()] = "base";
  }
  RC_ASSERT(views.store().Apply(base).has_value());
  const auto snapshot = views.store().TakeSnapshot();
  Draft lower(*snapshot);
  const auto change = [&](Draft* draft, const std::string& value) {
    for (int i = 0; i < 6; ++i) {
      const std::string k = key();
      if (*rc::gen::arbitrary<bool>()) {
        draft->Put(k, value);
        model[k] = value;
      } else {
        draft->Erase(k);
        model.erase(k);
      }
    }
  };
  change(&lower, "lower");
  Draft upper(static_cast<const Snapshot&>(lower));
  change(&upper, "upper");

  const auto check = [&](const Snapshot& draft) {
    std::string from = key();
    std::string to = *rc::gen::arbitrary<bool>() ? key() : "";
    Rows expected;
    for (const auto& [k, v] : model) {
      if (k >= from && (to.empty() || k < to)) expected.emplace_back(k, v);
    }
    if (to.empty() || from <= to) {
      RC_ASSERT(Read(draft.Range(from, to)) == expected);
      std::reverse(expected.begin(), expected.end());
      RC_ASSERT(Read(draft.RangeBackwards(from, to)) == expected);
    }
    std::vector<std::string> keys(5);
    std::ranges::generate(keys, key);
    const auto many = draft.GetMany(keys);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto row = model.find(keys[i]);
      const auto wanted =
          row == model.end() ? std::nullopt : std::optional<std::string>(row->second);
      RC_ASSERT(draft.Get(keys[i]) == wanted);
      RC_ASSERT(many[i] == wanted);
    }
  };
  check(upper);
  change(&upper, "once more");
  check(upper);
}

TEST(Overlay, ReadsLikeTheRowsItWillBecome) {
  TestViews views;
  const auto apply = [&](std::uint64_t from, std::uint64_t to, const RowMap& rows,
                         const std::vector<std::string>& erased) {
    const auto before = std::shared_ptr<const Snapshot>(views.store().TakeSnapshot());
    Draft draft(*before);
    for (const auto& [key, value] : rows) draft.Put(key, value);
    for (const std::string& key : erased) draft.Erase(key);
    auto delta = std::make_shared<RowDelta>();
    draft.MoveRowsInto(delta.get());
    delta->generation = "g1";
    delta->from = Position(from);
    delta->to.position = Position(to);
    const Overlay overlay(before, delta);
    EXPECT_EQ(overlay.taken().position, Position(to));
    const Rows ahead = Read(overlay.Range("\x20", ""));
    const Rows backwards = Read(overlay.RangeBackwards("\x20", ""));
    const auto many = overlay.GetMany(std::vector<std::string>{"\x20z", "\x20\x61", "\x20\x62"});
    EXPECT_TRUE(views.store().Apply(*delta));
    const auto after = views.store().TakeSnapshot();
    EXPECT_EQ(ahead, Read(after->Range("\x20", "")));
    EXPECT_EQ(backwards, Read(after->RangeBackwards("\x20", "")));
    EXPECT_EQ(many, after->GetMany(std::vector<std::string>{"\x20z", "\x20\x61", "\x20\x62"}));
  };
  apply(0, 1, {{"\x20\x61", "1"}, {"\x20\x63", "1"}}, {});
  apply(1, 2, {{"\x20\x62", "2"}, {"\x20\x63", "2"}}, {"\x20\x61"});
  apply(2, 3, {{"\x20\x61", "3"}}, {"\x20\x62", "\x20\x63", "\x20\x64"});
}

RC_GTEST_PROP(SortByKey, SortsAsAllKeysDo, ()) {
  // Few letters and long beginnings, so that many are alike for a while, and one begins another.
  const auto keys = *rc::gen::container<std::vector<std::string>>(rc::gen::map(
      rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::container<std::string>(rc::gen::elementOf(
                                                std::string("\0\x01\x7f\xff", 4)))),
      [](const std::pair<int, std::string>& part) {
        return std::string(static_cast<std::size_t>(part.first) * 9, '\x40') + part.second;
      }));
  std::vector<RowChange> rows;
  for (int copy = 0; copy < 3; ++copy) {
    for (const std::string& key : keys) rows.push_back({key, std::nullopt});
  }
  auto expected = rows;
  std::ranges::stable_sort(expected, {}, &RowChange::key);
  SortByKey(&rows);
  RC_ASSERT(rows == expected);
}

TEST(SeenKeys, ForgetsNoneAndRarelyErrs) {
  constexpr int kKeys = 300'000;
  SeenKeys seen;
  int mistaken = 0;
  for (int i = 0; i < kKeys; ++i) mistaken += seen.Add("new-" + std::to_string(i)) ? 1 : 0;
  EXPECT_LT(mistaken, kKeys / 300);
  for (int i = 0; i < kKeys; ++i) ASSERT_TRUE(seen.Add("new-" + std::to_string(i)));
}

}  // namespace
}  // namespace entente::views
