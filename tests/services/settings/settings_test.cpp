#include "services/settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "temporary_directory.h"

namespace entente::settings {
namespace {

class SettingsFile : public testing::Test {
 protected:
  Status Read(std::string_view text) {
    std::ofstream(file) << text;
    return ReadSettings(file, &settings);
  }
  TemporaryDirectory directory;
  std::filesystem::path file = directory.path() / "entente.toml";
  Settings settings;
};

TEST_F(SettingsFile, SetsWhatItNamesAndLeavesTheRest) {
  ASSERT_TRUE(Read(R"(
data = "/srv/entente"
allow_plaintext = true
[ingest]
listen = "tcp://127.0.0.1:9400"
[query]
tail = "ipc:///run/tail"
)"));
  EXPECT_EQ(settings.data, "/srv/entente");
  EXPECT_TRUE(settings.allow_plaintext);
  EXPECT_EQ(settings.log_level, "info");
  EXPECT_EQ(settings.ingest.listen, "tcp://127.0.0.1:9400");
  EXPECT_EQ(settings.query.listen, "tcp://127.0.0.1:7402");
  EXPECT_EQ(settings.query.tail, "ipc:///run/tail");
}

TEST_F(SettingsFile, WhatIsWrongIsNamedWithItsLine) {
  struct Case {
    std::string text;
    std::string key;
    std::string line;
  };
  const Case cases[] = {
      {"dta = \"x\"", "dta", "line 1"},
      {"\n[ingest]\nlissen = \"x\"", "ingest.lissen", "line 3"},
      {"[gateway]\nlisten = \"x\"", "gateway", "line 1"},
      {"[ingest]\ntail = \"x\"", "ingest.tail", "line 2"},
      {"data = 7", "data", "line 1"},
      {"data = \"\"", "data", "line 1"},
      {"allow_plaintext = \"yes\"", "allow_plaintext", "line 1"},
      {"ingest = \"tcp://127.0.0.1:1\"", "ingest", "line 1"},
      {"[ingest.listen]\nx = 1", "ingest.listen", "line 1"},
      {"data = ", "", "line 1"},
      {"data = \"a\"\ndata = \"b\"", "", "line 2"},
  };
  for (const Case& c : cases) {
    const Status status = Read(c.text);
    ASSERT_FALSE(status) << c.text;
    EXPECT_EQ(status.error().reason, Reason::kConfigInvalid) << c.text;
    EXPECT_EQ(status.error().field, c.key) << c.text;
    EXPECT_THAT(status.error().message, testing::HasSubstr(c.line)) << c.text;
  }
}

TEST_F(SettingsFile, AnUnknownKeyIsAnsweredWithThoseOfItsTable) {
  const Status status = Read("[projector]\nlisten_on = \"x\"");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().suggestions,
              testing::ElementsAre("projector.ingest", "projector.listen", "projector.poison"));
}

TEST_F(SettingsFile, MustBeThere) {
  const Status status = ReadSettings(directory.path() / "none.toml", &settings);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().reason, Reason::kFileUnreadable);
}

TEST_F(SettingsFile, WhatIsPrintedIsReadBack) {
  Settings other;
  other.data = "/srv/a \"strange\" name";
  other.allow_plaintext = true;
  other.log_level = "debug";
  other.query.projector = "tcp://[::1]:9";
  ASSERT_TRUE(Read(ToToml(other))) << ToToml(other);
  EXPECT_EQ(ToToml(settings), ToToml(other));
  EXPECT_EQ(settings.data, other.data);
  EXPECT_EQ(settings.query.projector, "tcp://[::1]:9");
}

}  // namespace
}  // namespace entente::settings
