// Keys sort as their parts do, and a draft reads like the rows it will become.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/views/history.h"
#include "views/rows/draft.h"
#include "views/rows/key.h"

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
    std::vector<std::string> keys;
    for (int i = 0; i < 5; ++i) keys.push_back(key());
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

}  // namespace
}  // namespace entente::views
