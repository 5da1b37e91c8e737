// Names of meetings and parties, sources, and sentences on subjects that are no meeting.
#include <gtest/gtest.h>

#include "domain/words/describe.h"
#include "domain/words/names.h"
#include "tests/words/story.h"

namespace entente::domain {
namespace {

std::string NameOf(const State& state) {
  return MeetingInWords(state.meeting(), PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
}

TEST(Names, Meetings) {
  const auto titled = [](v1::Meeting& m) { m.mutable_title()->set_value("Quad at sea"); };
  const auto kindless = [](v1::Meeting& m) { m.clear_kind(); };
  const auto summit = [](v1::Meeting& m) { m.mutable_kind()->set_value("summit"); };
  const auto unknown_kind = [](v1::Meeting& m) { m.mutable_kind()->set_value("moon-talks"); };
  const std::pair<State, const char*> cases[] = {
      {State::Of("JP IN"), "Japan-India two-plus-two"},
      {State::Of("IN JP"), "India-Japan two-plus-two"},
      {State::Of("JP US KR"), "Japan-US-South Korea two-plus-two"},
      {State::Of("JP IN FR DE"), "two-plus-two of Japan, India and two others"},
      {State::Of("JP IN").With("OM", v1::Party::host), "Japan-India-Oman two-plus-two"},
      {State::Of("JP IN").With("OM", v1::Party::observer), "Japan-India two-plus-two"},
      {State::Of("JP IN").With("FR").Without("FR"), "Japan-India two-plus-two"},
      {State::Of("JP"), "Japan two-plus-two"},
      {State::Of("JP US AU IN").But(summit), "Quad summit"},
      {State::Of("JP IN").But(kindless), "Japan-India meeting"},
      {State::Of("JP IN").But(kindless).But(titled), "Quad at sea"},
      {State::Of("JP IN").But(titled), "Japan-India two-plus-two"},
      {State::Of("JP IN").But(unknown_kind), "Japan-India moon talks"},
      {State().But(titled), "Quad at sea"},
      {State(), "jp-in-2021"},
  };
  for (const auto& [state, expected] : cases) EXPECT_EQ(NameOf(state), expected);
}

TEST(Names, ThirtyParties) {
  std::string codes;
  for (const auto& party : PartyRegistry::BuiltIn().all().first(30)) {
    codes += (codes.empty() ? "" : " ") + party.code;
  }
  EXPECT_TRUE(NameOf(State::Of(codes)).ends_with("and 28 others")) << NameOf(State::Of(codes));
}

TEST(Names, PartiesTakeTheArticleTheyNeed) {
  const Names names{PartyRegistry::BuiltIn(), Vocabulary::BuiltIn()};
  const std::pair<const char*, const char*> cases[] = {
      {"JP", "Japan"},
      {"US", "the United States"},
      {"GB", "the United Kingdom"},
      {"AE", "the United Arab Emirates"},
      {"NL", "the Netherlands"},
      {"PH", "the Philippines"},
      {"VA", "the Holy See"},
      {"MH", "the Marshall Islands"},
      {"CD", "the Democratic Republic of the Congo"},
      {"DO", "the Dominican Republic"},
      {"KR", "South Korea"},
      {"eu", "the European Union"},
      {"Senior official of the foreign ministry", "Senior official of the foreign ministry"},
  };
  for (const auto& [code, expected] : cases) EXPECT_EQ(names.Party(code), expected) << code;
  EXPECT_EQ(WithArticle("ASEAN", true), "ASEAN");
  EXPECT_EQ(WithArticle("G7", true), "the G7");
  EXPECT_EQ(WithArticle("Quad", true), "the Quad");
}

TEST(Sources, SayWhoWhenAndWhere) {
  v1::Source source;
  source.set_publisher("The Example Daily");
  EXPECT_EQ(SourceInWords(source, "2021-05-05"), "The Example Daily, 5 May 2021");
  source.set_locator("p. 14");
  EXPECT_EQ(SourceInWords(source, "2021-05-05T09:30:00+09:00"),
            "The Example Daily, 5 May 2021, p. 14");
  source.set_published("2021-05-04");
  EXPECT_EQ(SourceInWords(source, ""), "The Example Daily, 4 May 2021, p. 14");
  source.set_class_(v1::Source::unnamed_sources);
  EXPECT_EQ(SourceInWords(source, "2021-05"),
            "The Example Daily (unnamed sources), May 2021, p. 14");
  source.set_class_(v1::Source::inferred);
  source.set_publisher("matcher\x1b[1m");
  EXPECT_EQ(SourceInWords(source, "2021"), "matcher [1m (inferred), 2021, p. 14");
  EXPECT_EQ(SourceInWords(v1::Source(), ""), "not named");
}

TEST(SubjectWords, EveryKind) {
  struct Case {
    const char* subject;
    const char* facts;
    const char* expected;  // without the source
  };
  const Case cases[] = {
      {"country/JP",
       "statement_made { who: 'a senior foreign ministry official' summary: 'foreign ministers "
       "alone cannot fully discuss security' }",
       "On Japan, a senior foreign ministry official said: foreign ministers alone cannot fully "
       "discuss security."},
      {"pair/IN-US", "statement_made { who: 'US' said_on: '2021-04' summary: 'closer ties' }",
       "On India and the United States, the United States said in April 2021: closer ties."},
      {"kind/two-plus-two", "claim_recorded { claim: most_frequent scope { party: 'JP' } }",
       "Two-plus-twos with Japan said never to have been so frequent."},
      {"country/JP",
       "claim_recorded { claim: most_frequent scope { kind: 'two-plus-two' party: 'JP' window: "
       "'P1Y' } }",
       "Two-plus-twos with Japan said never to have been so frequent in the past year."},
      {"series/jp-id-two-plus-two", "rhythm_agreed { every: 'P2Y' }",
       "Japan-Indonesia two-plus-two: to meet every two years."},
      {"kind/two-plus-two",
       "coverage_declared { kind: 'two-plus-two' party: 'JP' from: '2021-01-01' to: '2021-05-05' }",
       "Our log declared complete for two-plus-twos with Japan from 1 January 2021 to 5 May 2021."},
      {"kind/two-plus-two", "coverage_declared { kind: 'two-plus-two' from: '2021-01-01' }",
       "Our log declared complete for two-plus-twos from 1 January 2021 on."},
      {"pair/JP-US", "mention_recorded { coder: 'icews' code: '042' day: '2014-04-23' }",
       "Machine-coded mention of Japan and the United States on 23 April 2014 (icews 042); no "
       "report "
       "of a meeting."},
      {"country/JP", "report_retracted { basis: source why: 'misquoted' }",
       "The Example Daily withdraws a report on Japan (misquoted)."},
      {"country/JP",
       "report_corrected { basis: source replacement { statement_made { who: 'IN' summary: 'yes' } "
       "} "
       "}",
       "Correction by The Example Daily on Japan; it now reads: on Japan, India said: yes."},
  };
  for (const auto& [subject, facts, expected] : cases) {
    const std::string told =
        SubjectChangeInWords(Because({v1::ChangeType::statement_made}, subject), Says(facts),
                             PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
    EXPECT_EQ(told, std::string(expected) + " Source: The Example Daily, 5 May 2021, p. 14");
  }
}

}  // namespace
}  // namespace entente::domain
