// The same log gives the same rows, however its commits were cut; and any state as of then is the
// state that was.
#include <gtest/gtest.h>

#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/store/digest.h"

namespace entente::views {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string Readable(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c >= ' ' && c < 127) {
      text.push_back(c);
    } else {
      constexpr std::string_view kDigits = "0123456789abcdef";
      text += {'\\', kDigits[static_cast<unsigned char>(c) >> 4],
               kDigits[static_cast<unsigned char>(c) & 15]};
    }
  }
  return text;
}

// Empty where they are the same.
std::string FirstDifference(const Rows& a, const Rows& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    std::string text = "row " + std::to_string(i);
    if (i < a.size()) text += "\n  " + Readable(a[i].first) + " = " + Readable(a[i].second);
    if (i < b.size()) text += "\n  " + Readable(b[i].first) + " = " + Readable(b[i].second);
    return text;
  }
  return "";
}

TEST(Rebuild, GivesTheSameRowsHoweverTheLogIsCut) {
  ForSeeds(20, [](Dice* dice) {
    const History history = RandomHistory(dice, 1 + Below(dice, 40));
    TestViews at_once(history);
    TestViews in_pieces;
    in_pieces.Project(history.commits(), static_cast<std::size_t>(1 + Below(dice, 3)));
    TestViews one_each(0);  // forgets its meetings after each delta
    one_each.Project(history.OneCommitEach(), static_cast<std::size_t>(1 + Below(dice, 5)));

    const Rows rows = at_once.Rows();
    ASSERT_EQ(FirstDifference(rows, in_pieces.Rows()), "");
    ASSERT_EQ(FirstDifference(rows, one_each.Rows()), "");
    ASSERT_EQ(DigestOfRows(*at_once.store().TakeSnapshot()).value().sha256,
              DigestOfRows(*one_each.store().TakeSnapshot()).value().sha256);
    ASSERT_EQ(DigestOfRows(*at_once.store().TakeSnapshot()).value().rows, rows.size());
  });
}

v1::TimelineRequest Timeline(const v1::Filter& filter) {
  v1::TimelineRequest request;
  *request.mutable_context() = TodayIs("2021-05-05");
  *request.mutable_filter() = filter;
  request.set_page_size(1000);
  return request;
}

// Without what names the store that answered.
template <class Reply>
std::string Said(Reply reply) {
  reply.mutable_answered()->clear_position();
  reply.mutable_answered()->clear_rows_examined();
  return reply.DebugString();
}

// Every kind of answer with this as-of from `views`.
std::vector<std::string> Answers(TestViews* views, const v1::Filter& filter,
                                 const v1::AsOf& as_of) {
  std::vector<std::string> answers;
  v1::TimelineRequest timeline = Timeline(filter);
  *timeline.mutable_context()->mutable_as_of() = as_of;
  answers.push_back(Said(views->Ask(timeline)));
  timeline.set_newest_first(true);
  answers.push_back(Said(views->Ask(timeline)));
  v1::PendingRequest pending;
  *pending.mutable_context() = timeline.context();
  *pending.mutable_filter() = filter;
  answers.push_back(Said(views->Ask(pending)));
  for (const auto by : {v1::StatsRequest::year, v1::StatsRequest::mode, v1::StatsRequest::status,
                        v1::StatsRequest::topic}) {
    v1::StatsRequest stats;
    *stats.mutable_context() = timeline.context();
    *stats.mutable_filter() = filter;
    stats.set_by(by);
    answers.push_back(Said(views->Ask(stats)));
  }
  for (const auto what : {v1::VocabularyRequest::countries, v1::VocabularyRequest::topics,
                          v1::VocabularyRequest::kinds, v1::VocabularyRequest::series}) {
    v1::VocabularyRequest vocabulary;
    *vocabulary.mutable_context() = timeline.context();
    vocabulary.set_what(what);
    answers.push_back(Said(views->Ask(vocabulary)));
  }
  for (int i = 0; i < 6; ++i) {
    v1::MeetingRequest meeting;
    *meeting.mutable_context() = timeline.context();
    meeting.set_id("m0" + std::to_string(i));
    const auto reply = views->TryAsk(meeting);
    // One that only acts of ours speak of is there or not by a rule of its own.
    const bool told = reply && reply->meeting().standing() != v1::Meeting::unspecified;
    answers.push_back(told ? Said(*reply) : std::string("none"));
  }
  return answers;
}

TEST(AsOf, APositionGivesTheAnswersThatWereGivenThere) {
  ForSeeds(20, [](Dice* dice) {
    const History history = RandomHistory(dice, 2 + Below(dice, 28));
    const auto commits = history.OneCommitEach();
    const auto position =
        static_cast<std::size_t>(1 + Below(dice, static_cast<int>(commits.size())));
    TestViews then;
    then.Project({commits.begin(), commits.begin() + static_cast<std::ptrdiff_t>(position)});
    TestViews now;
    now.Project(commits);
    const v1::Filter filter = RandomFilter(dice);
    v1::AsOf as_of;
    as_of.set_position(position);
    const auto was = Answers(&then, filter, {});
    const auto is = Answers(&now, filter, as_of);
    for (std::size_t i = 0; i < was.size(); ++i) ASSERT_EQ(was[i], is[i]);
  });
}

TEST(AsOf, TheLastReportedDayGivesTodaysAnswers) {
  ForSeeds(20, [](Dice* dice) {
    const History history = RandomHistory(dice, 1 + Below(dice, 30));
    TestViews views(history);
    const v1::Filter filter = RandomFilter(dice);
    v1::AsOf as_of;
    as_of.set_reported("2021-12-31");
    const auto listed = Answers(&views, filter, {});
    const auto folded = Answers(&views, filter, as_of);
    for (std::size_t i = 0; i < listed.size(); ++i) ASSERT_EQ(listed[i], folded[i]);
  });
}

TEST(Timeline, PagesJoinToTheWhole) {
  ForSeeds(20, [](Dice* dice) {
    const History history = RandomHistory(dice, 5 + Below(dice, 35));
    TestViews views(history);
    v1::TimelineRequest request = Timeline(RandomFilter(dice));
    request.set_newest_first(Below(dice, 2) == 0);
    const auto whole = views.Ask(request);
    request.set_page_size(static_cast<std::uint32_t>(1 + Below(dice, 3)));
    std::vector<std::string> entries;
    do {
      const auto page = views.Ask(request);
      ASSERT_EQ(page.certain(), whole.certain());
      ASSERT_EQ(page.possible(), whole.possible());
      for (const auto& entry : page.entries()) entries.push_back(entry.DebugString());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    ASSERT_EQ(entries.size(), static_cast<std::size_t>(whole.entries_size()));
    for (int i = 0; i < whole.entries_size(); ++i) {
      ASSERT_EQ(entries[static_cast<std::size_t>(i)], whole.entries(i).DebugString());
    }
  });
}

}  // namespace
}  // namespace entente::views
