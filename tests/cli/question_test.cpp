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
                  .ends_with("did you mean withdrawn, held, cancelled, called_off, postponed, "
                             "lapsed, scheduled, announced, reported?"));
  EXPECT_TRUE(refused([](auto& o) { o.to = "2021-13"; }).starts_with("DATE_INVALID at --to"));
}

}  // namespace
}  // namespace entente::cli
