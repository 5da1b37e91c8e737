#include "domain/topics/vocabulary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/spelling/name_key.h"

namespace entente::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array kLists = {WordList::kKinds,    WordList::kSeries,    WordList::kTopics,
                               WordList::kReasons,  WordList::kRelations, WordList::kPosts,
                               WordList::kOutcomes, WordList::kLevels};

const Vocabulary& Words() { return Vocabulary::BuiltIn(); }

TEST(ResolveWord, TakesIdsNamesAndAliases) {
  struct Case {
    WordList list;
    const char *text, *id;
  };
  for (const Case& c : {
           Case{WordList::kKinds, "two-plus-two", "two-plus-two"},
           Case{WordList::kKinds, "2+2", "two-plus-two"},
           Case{WordList::kKinds, "Two-Plus-Twos", "two-plus-two"},
           Case{WordList::kKinds, "two-plus-two-officials", "two-plus-two-officials"},
           Case{WordList::kSeries, "jp-us-two-plus-two", "jp-us-two-plus-two"},
           Case{WordList::kSeries, "AUSMIN", "au-us-two-plus-two"},
           Case{WordList::kTopics, "FOIP", "free-and-open-indo-pacific"},
           Case{WordList::kTopics, "Free and Open Indo-Pacific", "free-and-open-indo-pacific"},
           Case{WordList::kTopics, "China's coast guard law", "coast-guard-law"},
           Case{WordList::kReasons, "epidemic", "epidemic"},
           Case{WordList::kReasons, "Coronavirus", "epidemic"},
           Case{WordList::kReasons, "unknown", "unknown"},
           Case{WordList::kRelations, "agenda", "agenda"},
           Case{WordList::kRelations, "named in the statement", "statement"},
           Case{WordList::kRelations, "part-of", "part_of"},
           Case{WordList::kPosts, "Secretary of State", "foreign-minister"},
           Case{WordList::kPosts, "defense minister", "defence-minister"},
           Case{WordList::kOutcomes, "joint_statement", "joint_statement"},
           Case{WordList::kOutcomes, "joint drill", "planned_exercise"},
           Case{WordList::kLevels, "ministers", "ministers"},
       }) {
    const auto word = Words().Resolve(c.list, c.text);
    ASSERT_TRUE(word) << c.text << ": " << word.error().ToString();
    EXPECT_EQ((*word)->id, c.id) << c.text;
  }
}

TEST(ResolveWord, SuggestsTheNearest) {
  const Error error = Words().Resolve(WordList::kKinds, "two-plus-tow").error();
  EXPECT_EQ(error.reason, Reason::kWordUnknown);
  EXPECT_EQ(error.field, "");
  EXPECT_EQ(error.value, "two-plus-tow");
  EXPECT_EQ(error.message, "'two-plus-tow' is no kind we know");
  EXPECT_EQ(error.suggestions.front(), "two-plus-two");
  EXPECT_LE(error.suggestions.size(), 3u);
}

TEST(ResolveWord, ShowsAShortListWhole) {
  EXPECT_THAT(
      Words().Resolve(WordList::kRelations, "qqqq").error().suggestions,
      ElementsAre("agenda", "discussed", "part_of", "return_visit", "statement", "successor"));
  EXPECT_THAT(Words().Resolve(WordList::kTopics, "qqqq").error().suggestions, IsEmpty());
  EXPECT_EQ(Words().Resolve(WordList::kTopics, std::string(5000, 'q')).error().value.size(), 120u);
}

TEST(Topics, FormATree) {
  EXPECT_THAT(Words().BroaderTopics("coast-guard-law"),
              ElementsAre("coast-guard-law", "maritime-security", "security"));
  EXPECT_THAT(Words().NarrowerTopics("maritime-security"),
              ElementsAre("coast-guard-law", "east-china-sea", "freedom-of-navigation",
                          "maritime-security", "piracy", "south-china-sea"));
  EXPECT_THAT(Words().NarrowerTopics("human-rights"), Contains("xinjiang"));
  EXPECT_THAT(Words().BroaderTopics("nothing"), IsEmpty());
  EXPECT_THAT(Words().NarrowerTopics("nothing"), IsEmpty());
}

TEST(Series, AreFoundByKindAndParties) {
  const std::string in_jp[] = {"IN", "JP"}, jp_in[] = {"JP", "IN"}, de_fr[] = {"DE", "FR"};
  ASSERT_NE(Words().SeriesOf("two-plus-two", jp_in), nullptr);
  EXPECT_EQ(Words().SeriesOf("two-plus-two", jp_in)->id, "jp-in-two-plus-two");
  EXPECT_EQ(Words().SeriesOf("two-plus-two", in_jp), Words().SeriesOf("two-plus-two", jp_in));
  EXPECT_EQ(Words().SeriesOf("two-plus-two", de_fr), nullptr);
  EXPECT_EQ(Words().SeriesOf("leaders-call", jp_in), nullptr);
}

TEST(Series, JapanHasNineTwoPlusTwos) {
  std::vector<std::string> partners;
  for (const Word& series : Words().all(WordList::kSeries)) {
    if (series.kind != "two-plus-two") continue;
    for (std::size_t i = 0; i < 2 && series.parties.size() == 2; ++i) {
      if (series.parties[i] == "JP") partners.push_back(series.parties[1 - i]);
    }
  }
  std::sort(partners.begin(), partners.end());
  EXPECT_THAT(partners, ElementsAre("AU", "DE", "FR", "GB", "ID", "IN", "PH", "RU", "US"));
}

// ---- the data ----

TEST(WordData, NoSpellingMeansTwoWords) {
  for (const WordList list : kLists) {
    for (const Word& word : Words().all(list)) {
      std::vector<std::string> spellings = word.aliases;
      spellings.push_back(word.id);
      spellings.push_back(word.name);
      if (!word.plural.empty()) spellings.push_back(word.plural);
      for (const std::string& spelling : spellings) {
        const auto found = Words().Resolve(list, spelling);
        ASSERT_TRUE(found) << spelling;
        EXPECT_EQ((*found)->id, word.id) << spelling;
      }
    }
  }
}

TEST(WordData, SeriesNameKnownParties) {
  for (const Word& series : Words().all(WordList::kSeries)) {
    for (const std::string& code : series.parties) {
      EXPECT_NE(PartyRegistry::BuiltIn().Find(code), nullptr) << series.id << ": " << code;
    }
  }
}

TEST(WordData, KindAndSeriesIdsCanStandInAStreamName) {
  for (const WordList list : {WordList::kKinds, WordList::kSeries}) {
    for (const Word& word : Words().all(list)) {
      EXPECT_GE(word.id.size(), 3u);
      EXPECT_EQ(word.id.find('_'), word.id.npos) << word.id;
    }
  }
}

TEST(WordData, EveryTopicIsMappedToIptc) {
  for (const Word& topic : Words().all(WordList::kTopics)) {
    EXPECT_EQ(topic.iptc.size(), 8u) << topic.id;
    EXPECT_EQ(topic.iptc.find_first_not_of("0123456789"), topic.iptc.npos) << topic.id;
  }
}

}  // namespace
}  // namespace entente::domain
