// What one set of views says differently of meetings than another of the same position.
#include "views/verify/diff_stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/views/history.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Scheduled(const std::string& id, const std::string& date) {
  return R"({"stream":"meeting/)" + id +
         R"(","meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"US"}]},)" +
         R"("meeting_scheduled":{"date":{"edtf":")" + date + R"("}}})";
}

const std::string kMerged =
    R"({"stream":"meeting/a","source":{"class":"inferred","publisher":"Desk"},)"
    R"("meetings_merged":{"survivor":"meeting/a","absorbed":"meeting/b"}})";

Result<std::uint64_t> Diff(TestViews& before, TestViews& after, std::vector<std::string>* found) {
  const auto old = before.store().TakeSnapshot();
  const auto now = after.store().TakeSnapshot();
  const auto take = [&](const v1::MeetingDiff& one) {
    std::string line = ShortName(one.id()) + " " + v1::MeetingDiff::What_Name(one.what());
    if (!one.into().empty()) line += " into " + ShortName(one.into());
    if (one.what() == v1::MeetingDiff::changed || one.what() == v1::MeetingDiff::moved) {
      for (const auto& fact : one.facts()) line += " " + fact.fact();
    }
    found->push_back(line);
  };
  return DiffStores(*RowsOf(*old), *now, *Day::FromIso("2021-05-10"),
                    domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn(), take,
                    [] { return true; });
}

TEST(DiffStores, SaysWhatCameWentAndChanged) {
  // As two versions of the rules might fold one log: another date, a merge seen or not.
  TestViews before(History().Append({Scheduled("a", "2021-06-01"), Scheduled("b", "2021-06-01"),
                                     Scheduled("c", "2021-07-02"), Scheduled("gone", "2021-08"),
                                     Scheduled("same", "2021-09")}));
  TestViews after(History().Append({Scheduled("a", "2021-06-01"), Scheduled("b", "2021-06-01"),
                                    kMerged, Scheduled("c", "2021-07-03"),
                                    Scheduled("same", "2021-09"), Scheduled("z", "2021-10")}));
  std::vector<std::string> found;
  const auto meetings = Diff(before, after, &found);
  ASSERT_TRUE(meetings) << meetings.error().ToString();
  EXPECT_EQ(*meetings, 4U);
  EXPECT_THAT(found, ElementsAre("a changed absorbed", "b merged into a", "c moved date",
                                 "gone removed", "z added"));
  found.clear();
  ASSERT_TRUE(Diff(after, before, &found));
  EXPECT_THAT(found, ElementsAre("a changed absorbed", "b added", "c moved date", "gone added",
                                 "z removed"));
}

TEST(DiffStores, OfTheSameMeetingsIsEmpty) {
  const History history = History().Append({Scheduled("a", "2021-06"), Scheduled("b", "2021-07")});
  TestViews one(history);
  TestViews other(history);
  std::vector<std::string> found;
  EXPECT_EQ(Diff(one, other, &found).value_or(0), 2U);
  EXPECT_THAT(found, IsEmpty());
  TestViews nothing;
  EXPECT_EQ(Diff(nothing, nothing, &found).value_or(7), 0U);
  EXPECT_THAT(found, IsEmpty());
}

TEST(DiffStores, FromNothingEverythingIsAdded) {
  TestViews nothing;
  TestViews some(History().Append({Scheduled("a", "2021-06"), Scheduled("b", "2021-07")}));
  std::vector<std::string> found;
  ASSERT_TRUE(Diff(nothing, some, &found));
  EXPECT_THAT(found, ElementsAre("a added", "b added"));
  found.clear();
  ASSERT_TRUE(Diff(some, nothing, &found));
  EXPECT_THAT(found, ElementsAre("a removed", "b removed"));
}

}  // namespace
}  // namespace entente::views
