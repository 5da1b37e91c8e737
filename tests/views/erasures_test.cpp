// Rows know whether they were made of an event that was erased since.
#include "views/erasures/erasures.h"

#include <gtest/gtest.h>

#include "log/emptied_commit.h"
#include "tests/views/history.h"
#include "views/projection_rules.h"

namespace entente::views {
namespace {

constexpr const char* kTalks = R"({"stream":"meeting/talks","id":"held",
    "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"IN"}]},
    "meeting_held":{"date":{"edtf":"2021-05-04"},"place":"Villa-Hammerschmidt"}})";
constexpr const char* kOther = R"({"stream":"meeting/other","id":"other",
    "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"DE"}]},
    "meeting_held":{"date":{"edtf":"2021-05-04"}}})";
constexpr const char* kThird = R"({"stream":"meeting/third","id":"third",
    "meeting_held":{"date":{"edtf":"2021-05-04"}}})";
constexpr const char* kOrder = R"({"stream":"admin/erasures","id":"order",
    "source":{"publisher":"entente","class":"official"},
    "event_erased":{"position":"1","event_id":"held","why":"by order"}})";

using Commits = std::vector<std::string>;

// The talks at position 1, two other events, the order at 4.
Commits AsAppended() {
  return History()
      .Append({std::string(kTalks), kOther})
      .Append({kThird})
      .Append({kOrder})
      .commits();
}

// The same log once position 1 was emptied.
Commits Emptied() {
  Commits commits = AsAppended();
  const std::string before = commits[0];
  const Position erased(1);
  commits[0] = log::WithEmptyBodies(*log::CommitView::Parse(before), std::span(&erased, 1));
  return commits;
}

std::unique_ptr<TestViews> ViewsOf(const Commits& commits, std::size_t at_once = 1) {
  auto views = std::make_unique<TestViews>();
  views->Project(commits, at_once);
  return views;
}

bool Tell(TestViews& views, TestViews& known) {
  return TellOfErased(*views.store().TakeSnapshot(), *known.store().TakeSnapshot());
}

TEST(Erasures, RowsMadeOfTheBodyTellOnceTheOrderHasComeBy) {
  const Commits commits = AsAppended();
  const auto before = ViewsOf({commits[0], commits[1]});
  EXPECT_FALSE(Tell(*before, *before));
  const auto after = ViewsOf(commits);
  EXPECT_TRUE(Tell(*after, *after));
  EXPECT_TRUE(Tell(*before, *after)) << "by what others know";
}

TEST(Erasures, RowsThatAreGatheredTellAsWell) {
  const Commits commits = AsAppended();
  TestViews growing;
  const auto before = std::vector{*log::CommitView::Parse(commits[0])};
  const auto gathered =
      ProjectionRules::BuiltIn().begin()->Gather(*growing.store().TakeSnapshot(), before);
  ASSERT_TRUE(gathered && growing.store().Apply(gathered->delta));
  EXPECT_EQ(growing.store().checkpoint().position, Position());
  EXPECT_TRUE(Tell(growing, *ViewsOf(commits)));
}

TEST(Erasures, RowsMadeOfTheEmptyBodyDoNot) {
  const Commits commits = Emptied();
  const auto before = ViewsOf({commits[0], commits[1]});
  const auto after = ViewsOf(commits);
  EXPECT_FALSE(Tell(*after, *after));
  EXPECT_FALSE(Tell(*before, *after));
  EXPECT_TRUE(Tell(*ViewsOf(AsAppended()), *after));
}

TEST(Erasures, RowsThatEndBeforeItDoNot) {
  TestViews none;
  EXPECT_FALSE(Tell(none, *ViewsOf(AsAppended())));
}

TEST(Erasures, TheRowsAreThoseOfALogWithoutTheEventHoweverItIsCut) {
  const auto rows = ViewsOf(Emptied())->Rows();
  EXPECT_EQ(ViewsOf(Emptied(), 3)->Rows(), rows);
  for (const auto& [key, value] : rows) {
    EXPECT_EQ(key.find("talks"), std::string::npos);
    EXPECT_EQ(value.find("Villa-Hammerschmidt"), std::string::npos);
  }
}

}  // namespace
}  // namespace entente::views
