#include "cli/commands/watchlists.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace entente::cli {
namespace {

using Words = std::vector<std::string>;

class Watchlists : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "entente-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    ::setenv("XDG_CONFIG_HOME", name.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("XDG_CONFIG_HOME");
    std::filesystem::remove_all(directory_);
  }
  void Keep(const std::map<std::string, Watchlist>& lists) {
    ASSERT_TRUE(WriteWatchlists(*WatchlistFile(), lists));
  }
  void KeepText(const std::string& text) {
    std::filesystem::create_directories(WatchlistFile()->parent_path());
    std::ofstream(*WatchlistFile()) << text;
  }

  std::filesystem::path directory_;
};

TEST_F(Watchlists, LieInTheUsersConfiguration) {
  EXPECT_EQ(*WatchlistFile(), directory_ / "entente/watchlists.toml");
  ::setenv("XDG_CONFIG_HOME", "relative", 1);  // is to be ignored
  EXPECT_EQ(*WatchlistFile(),
            std::filesystem::path(std::getenv("HOME")) / ".config/entente/watchlists.toml");
}

TEST_F(Watchlists, AreReadAsTheyWereKept) {
  EXPECT_TRUE(ReadWatchlists(*WatchlistFile())->empty());
  Watchlist asia;
  asia.countries = {"JP", "IN"};
  asia.topics = {"maritime-security"};
  asia.muted = true;
  Watchlist odd;
  odd.pairs = {"IN-JP"};
  odd.muted_words = {"IN-JP"};
  Keep({{"asia", asia}, {"odd name", odd}});
  const auto read = ReadWatchlists(*WatchlistFile());
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->at("asia").countries, (Words{"JP", "IN"}));
  EXPECT_EQ(read->at("asia").topics, (Words{"maritime-security"}));
  EXPECT_TRUE(read->at("asia").muted);
  EXPECT_EQ(read->at("odd name").pairs, (Words{"IN-JP"}));
  EXPECT_EQ(read->at("odd name").muted_words, (Words{"IN-JP"}));
}

TEST_F(Watchlists, WhatIsNoListIsNamedWithItsLine) {
  struct Case {
    const char* text;
    const char* field;
    const char* line;
  };
  const Case cases[] = {{"[asia]\ncountris = [\"JP\"]", "asia.countris", "line 2"},
                        {"[asia]\n\ncountries = \"JP\"", "asia.countries", "line 3"},
                        {"[asia]\ncountries = [7]", "asia.countries", "line 2"},
                        {"asia = 7", "asia", "line 1"},
                        {"[asia]\nmuted = \"yes\"", "asia.muted", "line 2"},
                        {"[asia", "", "line 1"}};
  for (const Case& one : cases) {
    KeepText(one.text);
    const auto read = ReadWatchlists(*WatchlistFile());
    ASSERT_FALSE(read) << one.text;
    EXPECT_EQ(read.error().reason, Reason::kConfigInvalid) << one.text;
    EXPECT_EQ(read.error().field, one.field) << one.text;
    EXPECT_NE(read.error().message.find(one.line), std::string::npos) << read.error().message;
  }
}

TEST_F(Watchlists, AddTheirWordsToThoseOfTheCommandLine) {
  Watchlist asia;
  asia.countries = {"JP", "IN"};
  asia.kinds = {"two-plus-two"};
  Keep({{"asia", asia}});
  FilterOptions options;
  options.countries = {"FR"};
  ASSERT_TRUE(UseWatchlist("asia", For::kAlerts, &options));
  EXPECT_EQ(options.countries, (Words{"FR", "JP", "IN"}));
  EXPECT_EQ(options.kinds, (Words{"two-plus-two"}));
  FilterOptions untouched;
  ASSERT_TRUE(UseWatchlist("", For::kAlerts, &untouched));
  EXPECT_TRUE(untouched.countries.empty());
  const auto unknown = UseWatchlist("asi", For::kAlerts, &options);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().reason, Reason::kNotFound);
  EXPECT_EQ(unknown.error().suggestions, (Words{"asia"}));
}

TEST_F(Watchlists, WhatIsMutedIsLeftOutOfAlertsAndOfNothingElse) {
  Watchlist asia;
  asia.countries = {"JP", "IN"};
  asia.muted_words = {"in"};
  Watchlist silent;
  silent.countries = {"JP"};
  silent.muted = true;
  Watchlist hollow;
  hollow.countries = {"JP"};
  hollow.topics = {"cyber"};
  hollow.muted_words = {"cyber"};
  Keep({{"asia", asia}, {"silent", silent}, {"hollow", hollow}});
  FilterOptions alerts;
  ASSERT_TRUE(UseWatchlist("asia", For::kAlerts, &alerts));
  EXPECT_EQ(alerts.countries, (Words{"JP"}));
  FilterOptions timeline;
  ASSERT_TRUE(UseWatchlist("asia", For::kTimeline, &timeline));
  EXPECT_EQ(timeline.countries, (Words{"JP", "IN"}));
  // To leave the only topic out would tell more than before, not less.
  for (const char* name : {"silent", "hollow"}) {
    FilterOptions options;
    const auto refused = UseWatchlist(name, For::kAlerts, &options);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().reason, Reason::kQueryInvalid);
    EXPECT_TRUE(UseWatchlist(name, For::kTimeline, &options)) << name;
  }
}

TEST_F(Watchlists, AWordIsWhatItMeansHoweverItIsWritten) {
  const render::Names names(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  Watchlist asia;
  asia.countries = {"JP", "India"};
  asia.with = {"IN"};
  asia.kinds = {"two-plus-two"};
  asia.pairs = {"IN-JP"};
  EXPECT_EQ(*WordsMeant(asia, "Japan", names), (Words{"JP"}));
  EXPECT_EQ(*WordsMeant(asia, "IN", names), (Words{"India", "IN"}));
  EXPECT_EQ(*WordsMeant(asia, "two-plus-two", names), (Words{"two-plus-two"}));
  for (const char* word : {"France", "nowhere", ""}) {
    const auto refused = WordsMeant(asia, word, names);
    ASSERT_FALSE(refused) << word;
    EXPECT_EQ(refused.error().reason, Reason::kNotFound);
    EXPECT_EQ(refused.error().suggestions, (Words{"JP", "India", "IN", "IN-JP", "two-plus-two"}));
  }
}

}  // namespace
}  // namespace entente::cli
