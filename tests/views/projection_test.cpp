// Which subjects an event reaches, whatever the order and the streams; and what is poison.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/parked/parked.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kHeld = R"({"stream":"meeting/talks","id":"held",
    "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"IN"}]},
    "meeting_held":{"date":{"edtf":"2021-05-04"}}})";

v1::Meeting Ask(TestViews* views, const std::string& id) {
  v1::MeetingRequest request;
  *request.mutable_context() = TodayIs("2021-06-01");
  request.set_id(id);
  return views->Ask(request).meeting();
}

std::vector<std::string> Found(TestViews* views, const v1::Filter& filter) {
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2021-06-01");
  *request.mutable_filter() = filter;
  const auto reply = views->Ask(request);
  std::vector<std::string> ids;
  for (const auto& entry : reply.entries()) ids.push_back(ShortName(entry.meeting().id()));
  return ids;
}

v1::Filter About(const std::string& topic) {
  v1::Filter filter;
  filter.add_topics(topic);
  return filter;
}

TEST(Projection, ARetractionReachesItsTargetFromAnyStreamAndBeforeIt) {
  const std::string retraction = R"({"stream":"meeting/elsewhere","id":"gone",
      "reported":"2021-05-06","report_retracted":{"target":"held","basis":"source"}})";
  const std::vector<std::vector<std::string>> orders = {{kHeld, retraction}, {retraction, kHeld}};
  for (const auto& order : orders) {
    History history;
    for (const std::string& event : order) history.Append({event});
    TestViews views(history);
    EXPECT_EQ(Ask(&views, "talks").status(), v1::Meeting::status_withdrawn);
    EXPECT_THAT(Found(&views, {}), IsEmpty());
  }
}

// Rows without those that say which positions were recorded when (every position has a time) and
// which were erased.
std::vector<std::pair<std::string, std::string>> RowsButRecorded(const TestViews& views) {
  auto rows = views.Rows();
  std::erase_if(rows, [](const auto& row) {
    const auto view = static_cast<View>(static_cast<unsigned char>(row.first[0]));
    return view == View::kRecorded || view == View::kErasure;
  });
  return rows;
}

// What lists, counts and finds meetings, and holds no position.
std::vector<std::pair<std::string, std::string>> RowsThatList(const TestViews& views) {
  auto rows = views.Rows();
  std::erase_if(rows, [](const auto& row) {
    switch (static_cast<View>(static_cast<unsigned char>(row.first[0]))) {
      case View::kLeader:
      case View::kMembers:
      case View::kAbsorbed:
      case View::kTerm:
      case View::kTermCount:
      case View::kCoarse:
      case View::kPending:
      case View::kFollowing:
        return false;
      default:
        return true;
    }
  });
  return rows;
}

TEST(Projection, RowsThatListAreTheSameInWhateverOrderTheEventsCame) {
  ForSeeds(12, [](Dice* dice) {
    const History history = RandomHistory(dice, 40);
    const auto rows = RowsThatList(TestViews(history));
    ASSERT_THAT(rows, testing::Not(IsEmpty()));
    std::vector<std::size_t> order(history.events());
    std::ranges::generate(order, [n = std::size_t{0}]() mutable { return n++; });
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[static_cast<std::size_t>(Below(dice, static_cast<int>(i)))]);
      }
      EXPECT_EQ(RowsThatList(TestViews(history.InOrder(order))), rows);
    }
  });
}

// What the log says about itself is for those who run it.
TEST(Projection, AnEventAboutTheLogIsInNoView) {
  const std::string held = R"({"stream":"admin/clock","id":"clock-held",
      "source":{"publisher":"entente","class":"official"},
      "clock_adjusted":{"recorded_until":"2021-05-03T00:00:00Z","wall":"2021-05-02T00:00:00Z",
      "action":"held"}})";
  const std::string erased = R"({"stream":"admin/erasures","id":"order",
      "source":{"publisher":"entente","class":"official"},"event_erased":{"position":"1"}})";
  History with;
  with.Append({kHeld}).Append({held}).Append({erased});
  TestViews views(with);
  TestViews without(History().Append({kHeld}));
  EXPECT_EQ(RowsButRecorded(views), RowsButRecorded(without));
  EXPECT_THAT(views.parked(), IsEmpty());
  EXPECT_EQ(views.store().checkpoint().position, Position(3));
}

TEST(Projection, ACorrectionOfAStatementReachesAllMeetingsItIsAbout) {
  const std::string statement = R"({"stream":"kind/two-plus-two","id":"said",
      "statement_made":{"who":"Japan","summary":"Of cyber.","topics":["cyber"],
      "about":["meeting/talks"]}})";
  const std::string corrected = R"({"stream":"kind/two-plus-two","id":"mended",
      "reported":"2021-05-06","report_corrected":{"target":"said","basis":"source","replacement":
      {"statement_made":{"who":"Japan","summary":"Of Ukraine.","topics":["ukraine"],
      "about":["meeting/talks"]}}}})";
  for (const auto& order : {std::vector<std::string>{kHeld, statement, corrected},
                            std::vector<std::string>{corrected, statement, kHeld},
                            std::vector<std::string>{statement, kHeld, corrected}}) {
    History history;
    for (const std::string& event : order) history.Append({event});
    TestViews views(history);
    EXPECT_THAT(Found(&views, About("cyber")), IsEmpty());
    EXPECT_THAT(Found(&views, About("ukraine")), ElementsAre("talks"));
  }
}

TEST(Projection, AMergeIsUndoneByRetractingIt) {
  History history;
  history.Append({kHeld});
  history.Append({R"({"stream":"meeting/copy","meeting":{"kind":"two-plus-two",
      "parties":[{"name":"JP"},{"name":"IN"}]},"meeting_announced":{"date":{"edtf":"2021-05"}}})"});
  TestViews apart(history);
  history.Append({R"({"stream":"meeting/talks","id":"merge","reported":"2021-05-06",
      "source":{"publisher":"us","class":"inferred"},
      "meetings_merged":{"survivor":"meeting/talks","absorbed":"meeting/copy"}})"});
  TestViews merged(history);
  EXPECT_THAT(Found(&merged, {}), ElementsAre("talks"));
  EXPECT_EQ(Ask(&merged, "copy").id(), "meeting/talks");
  // A report to the absorbed id belongs to the survivor.
  history.Append({R"({"stream":"meeting/copy","topics_tagged":{"topic":"cyber",
      "relation":"discussed"}})"});
  TestViews tagged(history);
  EXPECT_THAT(Found(&tagged, About("cyber")), ElementsAre("talks"));
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-07",
      "source":{"publisher":"us","class":"inferred"},
      "report_retracted":{"target":"merge","basis":"encoding"}})"});
  TestViews undone(history);
  EXPECT_EQ(Found(&undone, {}), Found(&apart, {}));
  EXPECT_THAT(Found(&undone, About("cyber")), ElementsAre("copy"));
  EXPECT_EQ(Ask(&undone, "copy").id(), "meeting/copy");
}

TEST(Projection, ASourceIsKeptOnceAndItsPlaceWithTheReport) {
  const auto tagged = [](const std::string& topic, const std::string& page) {
    return R"({"stream":"meeting/talks","source":{"publisher":"The Daily","class":"media",
        "title":"Talks","locator":")" +
           page + R"("},"topics_tagged":{"topic":")" + topic + R"(","relation":"agenda"}})";
  };
  History history;
  history.Append({kHeld, tagged("cyber", "p. 1"), tagged("ukraine", "p. 2")});
  TestViews views(history);
  const auto rows = views.Rows();
  EXPECT_EQ(std::ranges::count_if(rows, [](const auto& row) { return row.first[0] == '\x10'; }), 2);
  std::vector<std::string> places;
  const auto meeting = Ask(&views, "talks");
  for (const auto& report : meeting.reports()) {
    if (report.source().title() == "Talks") places.push_back(report.source().locator());
  }
  std::ranges::sort(places);
  EXPECT_THAT(places, ElementsAre("p. 1", "p. 2"));
}

TEST(Projection, APoisonEventIsParkedAndTheRestGoesOn) {
  History history;
  history.Append({kHeld});
  history.AppendGarbage();
  history.Append({R"({"stream":"meeting/later","meeting":{"kind":"two-plus-two",
      "parties":[{"name":"JP"},{"name":"DE"}]},"meeting_held":{"date":{"edtf":"2021-05-05"}}})"});
  TestViews views(history);
  ASSERT_THAT(views.parked(), SizeIs(1));
  EXPECT_EQ(views.parked()[0].position, Position(2));
  EXPECT_EQ(views.parked()[0].error.reason, Reason::kMessageMalformed);
  EXPECT_THAT(Found(&views, {}), ElementsAre("talks", "later"));
  EXPECT_EQ(views.store().checkpoint().position, Position(3));
  const auto parked = AllParked(*views.store().TakeSnapshot());
  ASSERT_THAT(parked, SizeIs(1));
  EXPECT_EQ(parked[0].position, Position(2));
  EXPECT_EQ(parked[0].error.reason, Reason::kMessageMalformed);
  EXPECT_EQ(parked[0].error.value, "garbage2");
}

// Whoever reads the log with an older program is told what is missing from the views.
TEST(Projection, AnEventOfAPayloadVersionToComeIsParked) {
  History history;
  history.Append({kHeld});
  history.AppendOfPayloadVersion(
      2, R"({"id":"new","stream":"meeting/talks","meeting_held":{"date":{"edtf":"2021-05-09"}}})");
  TestViews views(history);
  ASSERT_THAT(views.parked(), SizeIs(1));
  EXPECT_EQ(views.parked()[0].position, Position(2));
  EXPECT_EQ(views.parked()[0].error.reason, Reason::kUnsupported);
  EXPECT_EQ(views.parked()[0].error.field, "payload_version");
  EXPECT_EQ(views.parked()[0].error.value, "2");
  EXPECT_EQ(views.store().checkpoint().position, Position(2));
  EXPECT_EQ(Ask(&views, "talks").reports_size(), 1);
  EXPECT_THAT(AllParked(*views.store().TakeSnapshot()), SizeIs(1));
}

TEST(Projection, CommitsThatDoNotFollowAreRefused) {
  History history;
  history.Append({kHeld});
  history.Append({kHeld});
  TestViews views;
  const auto second = log::CommitView::Parse(history.commits()[1]);
  const auto snapshot = views.store().TakeSnapshot();
  const auto gap = Project(*snapshot, std::vector{*second}, domain::PartyRegistry::BuiltIn(),
                           domain::Vocabulary::BuiltIn());
  ASSERT_FALSE(gap);
  EXPECT_EQ(gap.error().reason, Reason::kLogDiverged);

  History other;
  other.Append({R"({"stream":"meeting/other","meeting_held":{"date":{"edtf":"2021"}}})"});
  views.Project(other.commits());
  const auto fork = Project(*views.store().TakeSnapshot(), std::vector{*second},
                            domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  ASSERT_FALSE(fork);
  EXPECT_EQ(fork.error().reason, Reason::kLogDiverged);
}

TEST(Projection, WhatWasProjectedBeforeIsSkipped) {
  History history;
  history.Append({kHeld}).Append({kHeld}).Append({kHeld});
  TestViews views(history);
  const auto rows = views.Rows();
  views.Project(history.commits());
  EXPECT_EQ(views.Rows(), rows);
  EXPECT_EQ(views.store().checkpoint().position, Position(3));
}

}  // namespace
}  // namespace entente::views
