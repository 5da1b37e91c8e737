#include "services/settings/flags.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "temporary_directory.h"

namespace entente::settings {
namespace {

class FlagsTest : public testing::Test {
 protected:
  void SetUp() override { unsetenv("ENTENTE_INGEST_LISTEN"), unsetenv("ENTENTE_DATA"); }
  void TearDown() override { SetUp(); }

  Result<Settings> Parse(std::vector<std::string> arguments,
                         const std::vector<std::string_view>& tables = {"ingest"}) {
    CLI::App app;
    const Flags flags(app, tables);
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    return flags.Resolve();
  }
  TemporaryDirectory directory;
};

TEST_F(FlagsTest, FlagWinsOverVariableOverFileOverDefault) {
  const std::string file = directory.path() / "entente.toml";
  EXPECT_EQ(Parse({})->ingest.listen, "tcp://127.0.0.1:7400");
  std::ofstream(file) << "[ingest]\nlisten = \"tcp://127.0.0.1:1\"\n";
  EXPECT_EQ(Parse({"--config", file})->ingest.listen, "tcp://127.0.0.1:1");
  setenv("ENTENTE_INGEST_LISTEN", "tcp://127.0.0.1:2", 1);
  EXPECT_EQ(Parse({"--config", file})->ingest.listen, "tcp://127.0.0.1:2");
  EXPECT_EQ(Parse({"--config", file, "--listen", "tcp://127.0.0.1:3"})->ingest.listen,
            "tcp://127.0.0.1:3");
}

TEST_F(FlagsTest, SeveralTablesHaveTheirNamesInTheFlags) {
  const auto settings = Parse({"--ingest-listen", "inproc://a", "--query-listen", "inproc://b",
                               "--query-tail", "inproc://c", "--allow-plaintext"},
                              {"ingest", "projector", "query"});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->ingest.listen, "inproc://a");
  EXPECT_EQ(settings->query.listen, "inproc://b");
  EXPECT_EQ(settings->query.tail, "inproc://c");
  EXPECT_TRUE(settings->allow_plaintext);
}

TEST_F(FlagsTest, OnlyTheProgramsOwnKeysAreFlags) {
  EXPECT_THROW((void)Parse({"--tail", "inproc://c"}), CLI::ParseError);
}

TEST_F(FlagsTest, TheDataDirectoryIsAbsolute) {
  EXPECT_TRUE(Parse({"--data", "x/../y"})->data.is_absolute());
  EXPECT_EQ(Parse({"--data", "x/../y"})->data, std::filesystem::current_path() / "y");
}

TEST_F(FlagsTest, WhatIsWrongIsAnError) {
  EXPECT_EQ(Parse({"--log-level", "loud"}).error().reason, Reason::kConfigInvalid);
  EXPECT_EQ(Parse({"--config", directory.path() / "none"}).error().reason, Reason::kFileUnreadable);
  EXPECT_EQ(Parse({"--poison", "pause"}, {"projector"})->projector.poison, "pause");
  EXPECT_EQ(Parse({"--poison", "skip"}, {"projector"}).error().field, "projector.poison");
}

TEST_F(FlagsTest, ACommandLineEndsWithAnExitCodeOrSettings) {
  const auto run = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "entente-ingest");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    auto settings = SettingsFromCommandLine(static_cast<int>(argv.size()), argv.data(),
                                            "entente-ingest", "About", {"ingest"});
    return std::tuple(settings ? -1 : settings.error(), testing::internal::GetCapturedStdout(),
                      testing::internal::GetCapturedStderr());
  };
  EXPECT_EQ(std::get<0>(run({"--data", directory.path()})), -1);
  EXPECT_EQ(run({"--version"}), std::tuple(0, "entente-ingest 0.1.0\n", ""));
  const auto [help_code, help, no_fault] = run({"--help"});
  EXPECT_EQ(help_code, 0);
  EXPECT_NE(help.find("ENTENTE_INGEST_LISTEN"), std::string::npos) << help;
  EXPECT_EQ(std::get<0>(run({"--nonsense"})), 2);
  const auto [code, none, fault] = run({"--log-level", "loud"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(fault.find("CONFIG_INVALID at log_level"), std::string::npos) << fault;
}

}  // namespace
}  // namespace entente::settings
