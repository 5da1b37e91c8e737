#include "cli/commands/question.h"

#include <gtest/gtest.h>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "formats/json_lines.h"

namespace entente::cli {
namespace {

template <class Message>
std::string JsonOrError(const Result<Message>& result) {
  return result ? formats::ToJsonLine(*result) : result.error().ToString();
}

std::string Context(const ContextOptions& options) {
  return JsonOrError(ToContext(options, *Day::FromIso("2026-11-23")));
}

std::string Filter(const FilterOptions& options) {
  return JsonOrError(
      ToFilter(options, {domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn()}));
}

ContextOptions Asked(const std::string& as_of, const std::string& recorded,
                     const std::string& today) {
  ContextOptions options;
  options.as_of = as_of;
  options.recorded = recorded;
  options.today = today;
  return options;
}

TEST(Context, TodayIsTheDayGivenElseTheAsOfDayElseTheClocks) {
  EXPECT_EQ(Context(Asked("", "", "")), R"({"today":"2026-11-23"})");
  EXPECT_EQ(Context(Asked("2021-05-05", "", "")),
            R"({"as_of":{"reported":"2021-05-05"},"today":"2021-05-05"})");
  EXPECT_EQ(Context(Asked("2021-05-05", "", "2021-06-01")),
            R"({"as_of":{"reported":"2021-05-05"},"today":"2021-06-01"})");
  EXPECT_EQ(Context(Asked("", "2021-05-05", "")),
            R"({"as_of":{"recorded":"2021-05-05"},"today":"2026-11-23"})");
}

TEST(Context, BothBoundsMayBeGiven) {
  EXPECT_EQ(
      Context(Asked("2021-05-05", "2021-05-06T00:00:00Z", "")),
      R"({"as_of":{"recorded":"2021-05-06T00:00:00Z","reported":"2021-05-05"},"today":"2021-05-05"})");
}

TEST(Context, RefusesWhatIsNoDay) {
  EXPECT_TRUE(Context(Asked("2021-05", "", "")).starts_with("DATE_INVALID at --as-of"));
  EXPECT_TRUE(Context(Asked("", "yesterday", "")).starts_with("TIME_INVALID at --recorded"));
  EXPECT_TRUE(Context(Asked("", "", "2021-02-30")).starts_with("DATE_INVALID at --today"));
}

// Pages of 1,000 of so many meetings, and what was asked for them.
std::vector<v1::PendingRequest> AskedFor(int meetings, std::uint32_t limit,
                                         v1::PendingReply* reply) {
  std::vector<v1::PendingRequest> asked;
  v1::PendingRequest request;
  request.set_with_counts(true);
  const auto items = [](const v1::PendingReply& page) -> auto& { return page.entries(); };
  *reply = *ReadPages(request, limit, items, [&](const v1::PendingRequest& page) {
    asked.push_back(page);
    client::Reply<v1::PendingReply> answer;
    int left = meetings - static_cast<int>(asked.size() - 1) * 1000;
    for (; left > 0 && answer->entries_size() < static_cast<int>(page.page_size()); --left) {
      answer->add_entries();
    }
    if (left > 0) answer->set_next_page_token(std::to_string(asked.size()));
    if (page.with_counts()) answer->set_possible(static_cast<std::uint64_t>(meetings));
    return answer;
  });
  return asked;
}

TEST(ReadPages, AsksForTotalsOnce) {
  v1::PendingReply reply;
  const auto asked = AskedFor(2500, 0, &reply);
  EXPECT_EQ(reply.entries_size(), 2500);
  EXPECT_EQ(reply.possible(), 2500U);
  EXPECT_EQ(reply.next_page_token(), "");
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_TRUE(asked[0].with_counts());
  EXPECT_FALSE(asked[1].with_counts());
  EXPECT_FALSE(asked[2].with_counts());
  EXPECT_EQ(asked[2].page_token(), "2");
}

TEST(ReadPages, AsksForNoMoreThanTheLimit) {
  v1::PendingReply reply;
  const auto asked = AskedFor(2500, 1100, &reply);
  EXPECT_EQ(reply.entries_size(), 1100);
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[1].page_size(), 100U);
  EXPECT_NE(reply.next_page_token(), "");
}

TEST(Filter, ResolvesNamesToCodes) {
  FilterOptions options;
  options.countries = {"Japan", "us"};
  options.with = {"DEU"};
  options.pairs = {"JP-IN", "Japan-India", "Guinea-Bissau-Japan"};
  options.statuses = {"held", "called off", "called-off"};
  options.kinds = {"two-plus-two"};
  options.from = "2021-02";
  options.certain = true;
  EXPECT_EQ(Filter(options),
            R"({"countries":["JP","US"],"countries_all":["DE"],)"
            R"("pairs":["IN-JP","IN-JP","GW-JP"],"kinds":["two-plus-two"],)"
            R"("statuses":["status_held","status_called_off","status_called_off"],)"
            R"("from":"2021-02","certainty":"certain"})");
}

TEST(Filter, NamesTheOptionAtFault) {
  const auto refused = [](auto change) {
    FilterOptions options;
    change(options);
    return Filter(options);
  };
  EXPECT_TRUE(
      refused([](auto& o) { o.countries = {"Japn"}; }).starts_with("PARTY_UNKNOWN at --country: "));
  EXPECT_TRUE(
      refused([](auto& o) { o.with = {"Korea"}; }).starts_with("PARTY_AMBIGUOUS at --with"));
  EXPECT_TRUE(refused([](auto& o) { o.pairs = {"Japan"}; }).starts_with("QUERY_INVALID at --pair"));
  EXPECT_TRUE(refused([](auto& o) {
                o.topics = {"nothing-at-all"};
              }).starts_with("WORD_UNKNOWN at --topic"));
  EXPECT_TRUE(refused([](auto& o) { o.statuses = {"maybe"}; })
                  .ends_with("did you mean held, cancelled, called_off, postponed, "
                             "lapsed, scheduled, announced, reported?"));
  EXPECT_TRUE(refused([](auto& o) { o.to = "2021-13"; }).starts_with("DATE_INVALID at --to"));
}

// Of changes `--from` says where in the log to begin.
TEST(Filter, NamesTheDaysAsTheCommandDoes) {
  CLI::App app;
  FilterOptions options;
  AddFilterOptions(&app, &options, Asks::kChanges);
  app.parse("--day-from 2021-13");
  EXPECT_TRUE(Filter(options).starts_with("DATE_INVALID at --day-from"));
  FilterOptions of_meetings;
  AddFilterOptions(app.add_subcommand("timeline"), &of_meetings, Asks::kMeetings);
  app.parse("timeline --to 2021-13");
  EXPECT_TRUE(Filter(of_meetings).starts_with("DATE_INVALID at --to"));
}

}  // namespace
}  // namespace entente::cli
