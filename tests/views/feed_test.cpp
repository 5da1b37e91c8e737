// The change feed: what one event writes, and reading it filtered against reading all of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "log/commit.h"
#include "tests/services/query/promises.h"
#include "tests/views/history.h"
#include "tests/views/random_history.h"
#include "views/feed.h"

namespace entente::views {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

constexpr Cursor kStart{};

FeedFilter Compile(const v1::Filter& filter) {
  auto compiled =
      FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  if (!compiled) {
    ADD_FAILURE() << compiled.error().ToString();
    return {};
  }
  compiled->with_confirmations = true;
  return *compiled;
}

// All of the feed from a cursor on, in pages of `limit`.
FeedPage ReadAll(TestViews* views, const FeedFilter& filter, Cursor after,
                 std::uint32_t limit = 1000) {
  const auto snapshot = views->store().TakeSnapshot();
  const AnswerContext context = TestViews::ContextOf(*snapshot);
  FeedPage all;
  all.covered_to = after;
  while (!all.at_head) {
    const auto page = ReadFeed(context, filter, all.covered_to, limit, true);
    if (!page) {
      ADD_FAILURE() << page.error().ToString();
      break;
    }
    EXPECT_LE(page->changes.size(), limit);
    EXPECT_TRUE(page->at_head || all.covered_to < page->covered_to) << "no way forward";
    all.changes.insert(all.changes.end(), page->changes.begin(), page->changes.end());
    all.covered_to = page->covered_to;
    all.at_head = page->at_head;
    all.rows_examined += page->rows_examined;
  }
  return all;
}

std::vector<std::string> Brief(const FeedPage& page) {
  std::vector<std::string> lines;
  for (const auto& told : page.changes) {
    std::string line = std::to_string(told.change().position()) + "." +
                       std::to_string(told.change().ordinal()) + " " +
                       ShortName(told.change().subject());
    for (const int reason : told.change().reasons()) {
      line += " " + v1::ChangeType::Value_Name(static_cast<v1::ChangeType::Value>(reason));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string Announced(const std::string& id, const std::string& countries) {
  return R"({"stream":"meeting/)" + id + R"(","meeting":{"kind":"two-plus-two","parties":[)" +
         countries + R"(]},"meeting_announced":{"date":{"edtf":"2021-06"}}})";
}
constexpr const char* kJapanIndia = R"({"name":"JP"},{"name":"IN"})";
constexpr const char* kJapanGermany = R"({"name":"JP"},{"name":"DE"})";

TEST(Feed, OneStatementAboutSeveralMeetingsIsAChangeOfEachInTheOrderOfTheirNames) {
  History history;
  history.Append({Announced("b-meeting", kJapanGermany), Announced("a-meeting", kJapanIndia)});
  history.Append({R"({"stream":"kind/two-plus-two","statement_made":{"who":"Japan",
      "about":["meeting/b-meeting","meeting/a-meeting","country/JP"],"topics":["cyber"],
      "summary":"Both will speak of it."}})"});
  TestViews views(history);
  EXPECT_THAT(
      Brief(ReadAll(&views, Compile({}), kStart)),
      ElementsAre("1.0 b-meeting announced", "2.0 a-meeting announced", "3.0 JP statement_made",
                  "3.1 two-plus-two statement_made", "3.2 a-meeting topics_tagged statement_made",
                  "3.3 b-meeting topics_tagged statement_made"));
  v1::Filter germany;
  germany.add_countries("Germany");
  const auto page = ReadAll(&views, Compile(germany), kStart);
  EXPECT_THAT(Brief(page),
              ElementsAre("1.0 b-meeting announced", "3.3 b-meeting topics_tagged statement_made"));
  EXPECT_THAT(page.changes[1].matched(), ElementsAre("country/DE"));
  EXPECT_THAT(page.changes[1].change().terms_after(),
              IsSupersetOf({"country/DE", "country/JP", "kind/two-plus-two", "topic/cyber",
                            "type/statement_made"}));
  EXPECT_THAT(page.changes[1].change().terms_before(), Not(testing::Contains("topic/cyber")));
  EXPECT_EQ(page.covered_to.position, Position(3));
}

TEST(Feed, ACountryThatWasRemovedIsTold) {
  History history;
  history.Append({Announced("talks", R"({"name":"JP"},{"name":"IN"},{"name":"US"})")});
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-06",
      "parties_changed":{"removed":["India"]}})"});
  TestViews views(history);
  v1::Filter india;
  india.add_countries("IN");
  EXPECT_THAT(Brief(ReadAll(&views, Compile(india), kStart)),
              ElementsAre("1.0 talks announced", "2.0 talks parties_changed"));
}

constexpr const char* kPostponedByMistake = R"({"stream":"meeting/talks","id":"wrong",
    "reported":"2021-05-06","meeting_postponed":{"reason":"epidemic"}})";
constexpr const char* kIndiaLeaves = R"({"stream":"meeting/talks","reported":"2021-05-07",
    "parties_changed":{"removed":["India"]}})";
constexpr const char* kTakenBack = R"({"stream":"meeting/talks","id":"taken-back",
    "reported":"2021-05-08","report_retracted":{"target":"wrong","basis":"source"}})";

// Announced with India, wrongly postponed, and taken back when India had left.
History TakenBackAfterIndiaLeft() {
  History history;
  history.Append({Announced("talks", R"({"name":"JP"},{"name":"IN"},{"name":"US"})")});
  history.Append({kPostponedByMistake});
  history.Append({kIndiaLeaves});
  history.Append({kTakenBack});
  return history;
}

TEST(Feed, ARetractionIsToldToWhoGotTheWrongAlert) {
  TestViews views(TakenBackAfterIndiaLeft());
  v1::Filter india;
  india.add_countries("IN");
  const auto told =
      ElementsAre("1.0 talks announced", "2.0 talks postponed", "3.0 talks parties_changed",
                  testing::StartsWith("4.0 talks retracted"));
  EXPECT_THAT(Brief(ReadAll(&views, Compile(india), kStart)), told);
  // A window asks for the states: those around the report that was wrong.
  india.set_from("2021-06-01");
  india.set_to("2021-06-30");
  EXPECT_THAT(Brief(ReadAll(&views, Compile(india), kStart)), told);
  india.set_from("2022-06-01");
  india.set_to("2022-06-30");
  EXPECT_THAT(Brief(ReadAll(&views, Compile(india), kStart)), IsEmpty());
  // So are they who asked for postponements only.
  v1::Filter postponed;
  postponed.add_countries("IN");
  postponed.add_change_types(v1::ChangeType::postponed);
  EXPECT_THAT(Brief(ReadAll(&views, Compile(postponed), kStart)),
              ElementsAre("2.0 talks postponed", testing::StartsWith("4.0 talks retracted")));
  v1::Filter germany;
  germany.add_countries("DE");
  EXPECT_THAT(Brief(ReadAll(&views, Compile(germany), kStart)), IsEmpty());
}

TEST(Feed, WhatTakesBackARetractionIsToldToTheSame) {
  History history = TakenBackAfterIndiaLeft();
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-09",
      "report_retracted":{"target":"taken-back","basis":"source"}})"});
  TestViews views(history);
  v1::Filter india;
  india.add_countries("IN");
  EXPECT_EQ(ReadAll(&views, Compile(india), kStart).changes.size(), 5U);
}

TEST(Feed, ACorrectionIsToldToWhoGotTheWrongAlertUnderTheOldNameOfItsMeetingToo) {
  History history;
  history.Append({Announced("one", kJapanGermany), Announced("two", kJapanIndia)});
  history.Append({R"({"stream":"meeting/two","id":"wrong","reported":"2021-05-06",
      "meeting_rescheduled":{"new_date":{"edtf":"2021-07"}}})"});
  history.Append({R"({"stream":"meeting/two","reported":"2021-05-07",
      "parties_changed":{"removed":["India"],"added":[{"name":"DE"}]}})"});
  history.Append({R"({"stream":"meeting/one","source":{"publisher":"us","class":"inferred"},
      "meetings_merged":{"survivor":"meeting/one","absorbed":"meeting/two"}})"});
  history.Append({R"({"stream":"meeting/two","reported":"2021-05-09","report_corrected":
      {"target":"wrong","basis":"source","replacement":
      {"meeting_rescheduled":{"new_date":{"edtf":"2021-08"}}}}})"});
  TestViews views(history);
  ASSERT_THAT(views.parked(), IsEmpty());
  v1::Filter india;
  india.add_countries("IN");
  const auto page = ReadAll(&views, Compile(india), {Position(5), Ordinal::Max()});
  ASSERT_FALSE(page.changes.empty());
  EXPECT_EQ(page.changes[0].change().position(), 6U);
}

TEST(Feed, ABackfilledCorrectionOfWhatWasAlertedLiveIsNoBackfill) {
  for (const bool wrong_is_backfill : {false, true}) {
    History history;
    history.Append({Announced("talks", kJapanIndia)});
    v1::NewEvent wrong = EventOf(kPostponedByMistake);
    wrong.set_backfill(wrong_is_backfill);
    history.Append(std::vector{wrong});
    v1::NewEvent taken_back = EventOf(kTakenBack);
    taken_back.set_backfill(true);
    history.Append(std::vector{taken_back});
    TestViews views(history);
    FeedFilter alerts;
    alerts.with_backfill = false;
    EXPECT_EQ(ReadAll(&views, alerts, kStart).changes.size(), wrong_is_backfill ? 1U : 3U);
  }
}

TEST(Feed, AnOrganisationsMembersHearOfItAndNobodyElse) {
  History history;
  history.Append({R"({"stream":"country/eu","reported":"2021-05-05","statement_made":{"who":"EU",
      "about":["country/eu"],"summary":"The Union has a strategy."}})"});
  history.Append({R"({"stream":"country/eu","reported":"1950-05-05","statement_made":{"who":"EU",
      "about":["country/eu"],"summary":"There is none yet."}})"});
  TestViews views(history);
  const auto heard = [&](const std::string& country, bool members_too) {
    v1::Filter filter;
    filter.add_countries(country);
    filter.set_members_too(members_too);
    return ReadAll(&views, Compile(filter), kStart).changes.size();
  };
  EXPECT_EQ(heard("JP", true), 0U);
  EXPECT_EQ(heard("DE", true), 1U);
  EXPECT_EQ(heard("DE", false), 0U);
  EXPECT_EQ(heard("EU", true), 2U);
}

// Why each change of a filter's matched, in the order of the feed.
std::vector<std::string> WhyOf(TestViews* views, const v1::Filter& filter) {
  std::vector<std::string> lines;
  for (const auto& told : ReadAll(views, Compile(filter), kStart).changes) {
    std::string& line = lines.emplace_back();
    for (const std::string& one : told.matched()) line += (line.empty() ? "" : " ") + one;
  }
  return lines;
}

TEST(Feed, EachChangeSaysWhyItMatched) {
  History history;
  history.Append({Announced("talks", R"({"name":"JP"},{"name":"EU"},{"name":"ASEAN"})")});
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-06",
      "meeting_scheduled":{"date":{"edtf":"2021-06-10"}}})"});
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-07",
      "meeting_postponed":{"reason":"epidemic"}})"});
  TestViews views(history);
  v1::Filter scheduled;
  scheduled.add_statuses(v1::Meeting::status_scheduled);
  EXPECT_THAT(WhyOf(&views, scheduled), ElementsAre("status/scheduled", "status/scheduled"));
  scheduled.add_statuses(v1::Meeting::status_announced);
  scheduled.add_statuses(v1::Meeting::status_postponed);
  scheduled.add_statuses(v1::Meeting::status_reported);
  EXPECT_THAT(WhyOf(&views, scheduled),
              ElementsAre("status/reported", "status/reported status/scheduled",
                          "status/postponed status/scheduled"));
  v1::Filter june;
  june.set_from("2021-06-01");
  june.set_to("2021-06");
  EXPECT_THAT(WhyOf(&views, june), ElementsAre("date/2021-06-01/2021-06", "date/2021-06-01/2021-06",
                                               "date/2021-06-01/2021-06"));
  june.clear_from();
  june.add_change_types(v1::ChangeType::postponed);
  EXPECT_THAT(WhyOf(&views, june), ElementsAre("date/../2021-06 type/postponed"));
  // The organisations that Germany belongs to, and not those that merely take part.
  v1::Filter germany;
  germany.add_countries("DE");
  germany.set_members_too(true);
  EXPECT_THAT(WhyOf(&views, germany), ElementsAre("country/eu", "country/eu", "country/eu"));
  v1::Filter certain;
  certain.set_certainty(v1::Filter::certain);
  EXPECT_THAT(WhyOf(&views, certain), testing::Each(""));
}

TEST(Feed, AMergeTellsBothMeetings) {
  History history;
  history.Append({Announced("one", kJapanIndia), Announced("two", kJapanIndia)});
  history.Append({R"({"stream":"meeting/one","source":{"publisher":"us","class":"inferred"},
      "meetings_merged":{"survivor":"meeting/one","absorbed":"meeting/two"}})"});
  TestViews views(history);
  const auto page = ReadAll(&views, Compile({}), {Position(2), Ordinal::Max()});
  ASSERT_EQ(page.changes.size(), 2);
  EXPECT_EQ(page.changes[0].change().subject(), "meeting/one");
  EXPECT_EQ(page.changes[1].change().subject(), "meeting/two");
  EXPECT_THAT(page.changes[1].change().reasons(), ElementsAre(v1::ChangeType::merged));
  EXPECT_THAT(page.changes[1].change().terms_after(), ElementsAre("type/merged"));
  v1::MeetingRequest request;
  *request.mutable_context() = TodayIs("2021-05-05");
  request.set_id("two");
  const auto meeting = views.Ask(request).meeting();
  EXPECT_EQ(meeting.id(), "meeting/one");
  EXPECT_EQ(meeting.asked_as(), "meeting/two");
  EXPECT_THAT(meeting.absorbed(), ElementsAre("meeting/two"));
}

TEST(Feed, ConfirmationsAndBackfillAreLeftOutUnlessAskedFor) {
  History history;
  history.Append({Announced("talks", kJapanIndia)});
  history.Append({Announced("talks", kJapanIndia)});
  v1::NewEvent old = EventOf(Announced("older", kJapanIndia));
  old.set_backfill(true);
  history.Append(std::vector{old});
  TestViews views(history);
  FeedFilter filter;
  filter.with_backfill = false;
  EXPECT_THAT(Brief(ReadAll(&views, filter, kStart)), ElementsAre("1.0 talks announced"));
  filter.with_backfill = true;
  filter.with_confirmations = true;
  EXPECT_THAT(Brief(ReadAll(&views, filter, kStart)),
              ElementsAre("1.0 talks announced", "2.0 talks confirmed", "3.0 older announced"));
}

TEST(Feed, ChangeTypesAreAskedForByTheirWords) {
  History history;
  history.Append({Announced("talks", kJapanIndia)});
  history.Append({R"({"stream":"meeting/talks","reported":"2021-05-06",
      "meeting_postponed":{"reason":"epidemic"}})"});
  TestViews views(history);
  v1::Filter filter;
  filter.add_countries("JP");
  filter.add_change_types(v1::ChangeType::postponed);
  EXPECT_THAT(Brief(ReadAll(&views, Compile(filter), kStart)), ElementsAre("2.0 talks postponed"));
}

TEST(Feed, LapsingIsNoChange) {
  v1::Filter filter;
  filter.add_statuses(v1::Meeting::status_lapsed);
  const auto compiled =
      FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().reason, Reason::kQueryInvalid);
  EXPECT_EQ(compiled.error().field, "filter.statuses[0]");
}

// A meeting that many speak of is folded twice for each of its changes to see whether it matches.
TEST(Feed, WhatIsFoldedInVainIsFoldedInTurns) {
  constexpr int kReports = 150;
  History history;
  for (int i = 0; i < kReports; ++i) {
    history.Append({R"({"stream":"meeting/talks","source":{"publisher":"Daily )" +
                    std::to_string(i) +
                    R"(","class":"media"},"meeting":{"kind":"two-plus-two","parties":[)" +
                    kJapanIndia + R"(]},"meeting_announced":{"date":{"edtf":"2021-06"}}})"});
  }
  TestViews views(history);
  const auto snapshot = views.store().TakeSnapshot();
  v1::Filter filter;
  filter.set_from("2031-01-01");
  const FeedFilter nothing = Compile(filter);
  Cursor after = kStart;
  int pages = 0;
  for (bool at_head = false; !at_head; ++pages) {
    const auto page = ReadFeed(TestViews::ContextOf(*snapshot), nothing, after, 64, false);
    ASSERT_TRUE(page);
    EXPECT_THAT(page->changes, IsEmpty());
    ASSERT_LT(after, page->covered_to) << "no way forward";
    // Two folds of all reports for each change, and reading them once.
    EXPECT_LE((page->covered_to.position.value() - after.position.value()) * 2 * kReports,
              kReportsAtOnce + std::uint64_t{2} * kReports);
    after = page->covered_to;
    at_head = page->at_head;
  }
  EXPECT_EQ(after.position, Position(kReports));
  EXPECT_GT(pages, 5);
  // With nothing to hand over it looks as far as that, and no further.
  const auto look = ReadFeed(TestViews::ContextOf(*snapshot), nothing, kStart, 0, false);
  ASSERT_TRUE(look);
  EXPECT_FALSE(look->at_head);
  EXPECT_FALSE(look->match_waits);
  EXPECT_LT(look->covered_to.position, Position(kReports / 2));
  // What does match comes in as many pages as it takes.
  filter.set_from("2021-06-01");
  EXPECT_EQ(ReadAll(&views, Compile(filter), kStart).changes.size(), kReports);
}

TEST(Feed, ADayIsFoundByWhenItWasRecorded) {
  const auto ms = [](const char* time) { return RecordedTimeFromRfc3339(time)->value(); };
  History history;
  history.At(ms("2021-05-05T10:00:00Z")).Append({Announced("one", kJapanIndia)});
  history.At(ms("2021-05-05T23:59:59Z")).Append({Announced("two", kJapanIndia)});
  history.At(ms("2021-05-07T00:00:00Z")).Append({Announced("three", kJapanIndia)});
  TestViews views(history);
  const auto snapshot = views.store().TakeSnapshot();
  const auto at = [&](const std::string& when) {
    const auto cursor = CursorAt(TestViews::ContextOf(*snapshot), when);
    return cursor ? cursor->position.value() : 999;
  };
  EXPECT_EQ(at("2021-05-01"), 0);
  EXPECT_EQ(at("2021-05-05"), 0);
  EXPECT_EQ(at("2021-05-05T10:00:01Z"), 1);
  EXPECT_EQ(at("2021-05-06"), 2);
  EXPECT_EQ(at("2021-05-07"), 2);
  EXPECT_EQ(at("2021-05-08"), 3);
  EXPECT_EQ(at("May"), 999);
}

using Words = std::set<std::string>;

// The topic and all that lead up to it, by the links from each topic to the one broader.
Words WithNarrower(const std::string& topic) {
  const auto& vocabulary = domain::Vocabulary::BuiltIn();
  Words all;
  for (const domain::Word& word : vocabulary.all(domain::WordList::kTopics)) {
    const domain::Word* up = &word;
    while (up != nullptr && up->id != topic) {
      up = up->broader.empty() ? nullptr : vocabulary.Find(domain::WordList::kTopics, up->broader);
    }
    if (up != nullptr) all.insert(word.id);
  }
  return all;
}

// What a change must be found under, one term of each set, by the filter alone: this knows nothing
// of how filters are compiled.
struct Wanted {
  std::vector<Words> of_state;  // before the change or after it
  Words types;                  // of the change itself
};

Wanted WantedBy(const v1::Filter& filter) {
  Wanted wanted;
  const auto any_of = [&wanted](const std::string& kind, const auto& words) {
    Words terms;
    for (const std::string& word : words) terms.insert(kind + word);
    if (!terms.empty()) wanted.of_state.push_back(std::move(terms));
  };
  any_of("country/", filter.countries());
  for (const std::string& country : filter.countries_all()) {
    wanted.of_state.push_back({"country/" + country});
  }
  any_of("pair/", filter.pairs());
  any_of("kind/", filter.kinds());
  any_of("series/", filter.series());
  Words topics;
  for (const std::string& topic : filter.topics()) topics.merge(WithNarrower(topic));
  any_of("topic/", topics);
  Words statuses;
  for (const int status : filter.statuses()) {
    // status_held: the term status/held
    statuses.insert(v1::Meeting::Status_Name(static_cast<v1::Meeting::Status>(status)).substr(7));
  }
  any_of("status/", statuses);
  for (const int type : filter.change_types()) {
    wanted.types.insert("type/" +
                        v1::ChangeType::Value_Name(static_cast<v1::ChangeType::Value>(type)));
  }
  return wanted;
}

bool HoldsOneOf(const google::protobuf::RepeatedPtrField<std::string>& held, const Words& wanted) {
  return std::ranges::any_of(held, [&](const std::string& term) { return wanted.contains(term); });
}

bool TypeMatches(const v1::Change& change, const Wanted& wanted) {
  return wanted.types.empty() || HoldsOneOf(change.terms_before(), wanted.types) ||
         HoldsOneOf(change.terms_after(), wanted.types);
}

// Does the change match, told by its terms alone? For filters of terms only.
bool Matches(const v1::Change& change, const Wanted& wanted) {
  const auto fits = [&](const auto& held) {
    return std::ranges::all_of(wanted.of_state,
                               [&](const Words& terms) { return HoldsOneOf(held, terms); });
  };
  return TypeMatches(change, wanted) && (fits(change.terms_before()) || fits(change.terms_after()));
}

// The change as it is told, without what it matched by.
std::string ShowPlain(v1::DescribedChange told) {
  told.clear_matched();
  return told.DebugString();
}

// Filters that no list of terms decides.
bool AsksForStates(const v1::Filter& filter) {
  const auto is_of_open = [](int status) {
    return status == v1::Meeting::status_scheduled || status == v1::Meeting::status_announced ||
           status == v1::Meeting::status_reported;
  };
  const bool names_countries = filter.countries_size() + filter.countries_all_size() > 0;
  return !filter.from().empty() || !filter.to().empty() ||
         filter.certainty() == v1::Filter::certain || (filter.members_too() && names_countries) ||
         std::ranges::any_of(filter.statuses(), is_of_open);
}

// The meetings that a filter finds as of a position, by the timeline, which knows nothing of the
// feed. Remembers the last ones: what was before a change was after the one before it.
class Listing {
 public:
  Listing(TestViews* views, v1::Filter filter) : views_(views), filter_(std::move(filter)) {
    filter_.clear_change_types();
  }
  bool Has(const std::string& meeting, std::uint64_t position) {
    const auto known = listed_.find(position);
    if (known != listed_.end()) return known->second.contains(meeting);
    return (listed_[position] = ListedAt(position)).contains(meeting);
  }

 private:
  std::set<std::string> ListedAt(std::uint64_t position) {
    std::set<std::string> listed;
    if (position == 0) return listed;
    v1::TimelineRequest request;
    *request.mutable_context() = TodayIs("0001-01-01");  // nothing has lapsed
    request.mutable_context()->mutable_as_of()->set_position(position);
    *request.mutable_filter() = filter_;
    request.set_page_size(1'000);
    const auto reply = views_->Ask(request);
    for (const auto& entry : reply.entries()) listed.insert(entry.meeting().id());
    return listed;
  }

  TestViews* views_;
  v1::Filter filter_;
  std::map<std::uint64_t, std::set<std::string>> listed_;
};

// Positions of corrections and retractions, also of those that change nothing.
std::set<std::uint64_t> ActsIn(const History& history) {
  std::set<std::uint64_t> acts;
  for (const std::string& bytes : history.OneCommitEach()) {
    const auto commit = log::CommitView::Parse(bytes);
    const auto payload = commit->event(0).payload_field;
    if (payload == v1::NewEvent::kReportCorrectedFieldNumber ||
        payload == v1::NewEvent::kReportRetractedFieldNumber) {
      acts.insert(commit->first().value());
    }
  }
  return acts;
}

TEST(Feed, FilteredIsWhatAllOfItHoldsThatMatches) {
  int found_by_states = 0;
  int found_by_type = 0;
  int found_by_series = 0;
  int found_by_topic = 0;
  ForSeeds(24, [&](Dice* dice) {
    const History history = RandomHistory(dice, 5 + Below(dice, 40));
    TestViews views(history);
    v1::Filter asked = RandomFilter(dice);
    asked.clear_statuses();
    if (Below(dice, 3) == 0) {
      constexpr v1::Meeting::Status kSome[] = {
          v1::Meeting::status_postponed, v1::Meeting::status_scheduled, v1::Meeting::status_held,
          v1::Meeting::status_announced};
      asked.add_statuses(kSome[Below(dice, 4)]);
    }
    const FeedFilter filter = Compile(asked);
    const Wanted wanted = WantedBy(asked);
    const bool by_states = AsksForStates(asked);
    Listing listing(&views, asked);
    const auto acts = ActsIn(history);
    const auto whole = ReadAll(&views, Compile({}), kStart);
    const Cursor after{Position(static_cast<std::uint64_t>(Below(dice, 20))), Ordinal()};
    std::vector<std::string> expected;
    std::set<std::string> may_be;  // whom a correction reaches is for other tests to say
    for (const auto& told : whole.changes) {
      const v1::Change& change = told.change();
      const Cursor at{Position(change.position()),
                      Ordinal(static_cast<std::uint16_t>(change.ordinal()))};
      if (at <= after || !TypeMatches(change, wanted)) continue;
      bool matches = Matches(change, wanted);
      if (by_states && change.subject().starts_with("meeting/")) {
        matches = listing.Has(change.subject(), change.position() - 1) ||
                  listing.Has(change.subject(), change.position());
        found_by_states += matches;
      } else if (by_states) {
        may_be.insert(ShowPlain(told));
        continue;
      }
      if (by_states && !matches && acts.contains(change.position())) {
        may_be.insert(ShowPlain(told));
      } else if (matches) {
        expected.push_back(ShowPlain(told));
        found_by_type += asked.change_types_size() > 0;
        found_by_series += asked.series_size() > 0;
        found_by_topic += asked.topics_size() > 0;
      }
    }
    auto filtered = ReadAll(&views, filter, after, static_cast<std::uint32_t>(1 + Below(dice, 5)));
    std::vector<std::string> found;
    for (const auto& told : filtered.changes) {
      const bool asks = !filter.terms().empty() || !asked.from().empty() || !asked.to().empty();
      EXPECT_THAT(told.matched(), testing::Conditional(asks, Not(IsEmpty()), IsEmpty()));
      if (std::string shown = ShowPlain(told); !may_be.contains(shown)) found.push_back(shown);
    }
    ASSERT_EQ(found, expected) << promise::Broken(promise::kFiltered, asked.DebugString());
    EXPECT_GE(filtered.covered_to.position, Position(history.events()));
  });
  if (std::getenv("ENTENTE_SEED") != nullptr) return;
  EXPECT_GT(found_by_states, 10);
  EXPECT_GT(found_by_type, 0);
  EXPECT_GT(found_by_series, 0);
  EXPECT_GT(found_by_topic, 0);
}

// No change is told without words, source and place in the feed.
TEST(Feed, EveryChangeIsToldInWords) {
  ForSeeds(20, [](Dice* dice) {
    const History history = RandomHistory(dice, 5 + Below(dice, 40));
    TestViews views(history);
    Cursor last = kStart;
    for (const auto& told : ReadAll(&views, Compile({}), kStart).changes) {
      const Cursor at{Position(told.change().position()),
                      Ordinal(static_cast<std::uint16_t>(told.change().ordinal()))};
      ASSERT_LT(last, at);
      ASSERT_FALSE(told.text().empty()) << told.DebugString();
      ASSERT_FALSE(told.source().publisher().empty()) << told.DebugString();
      ASSERT_FALSE(told.change().reasons().empty()) << told.DebugString();
      last = at;
    }
  });
}

}  // namespace
}  // namespace entente::views
