// Each file of tests/scenarios is a test.
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "tests/meeting/scenario.h"
#include "tests/meeting/scenario_answers.h"

namespace entente::domain::scenarios {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ScenarioFiles() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(ENTENTE_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() == ".scenario") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

class ScenarioFile : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    try {
      scenario_ = ReadScenario(ENTENTE_SOURCE_DIR "/tests/scenarios/" + GetParam() + ".scenario");
    } catch (const std::exception& error) {
      FAIL() << error.what();
    }
  }

  Scenario scenario_;
};

TEST_P(ScenarioFile, ReadsAsItSays) {
  for (const Then& then : scenario_.thens) {
    if (!then.view.empty()) continue;  // tests/views asks all meetings together
    std::vector<std::string> findings;
    for (const Expectation& expected : then.expectations) {
      if (IsFindingKey(expected.key)) {
        findings.push_back(expected.key + " " + expected.value);
        continue;
      }
      try {
        EXPECT_EQ(Answer(scenario_, then, expected.key), expected.value)
            << GetParam() << ".scenario:" << expected.line << ": " << expected.key;
      } catch (const std::exception& error) {
        ADD_FAILURE() << GetParam() << ".scenario:" << expected.line << ": " << error.what();
      }
    }
    auto found = FindingsOf(scenario_, then);
    std::ranges::sort(found);
    std::ranges::sort(findings);
    EXPECT_EQ(found, findings) << GetParam() << ".scenario:" << then.line
                               << ": a `then` lists all findings, and only those";
  }
}

// A meeting without what tells in which order its reports came.
v1::Meeting WithoutArrival(v1::Meeting meeting) {
  meeting.clear_last_position();
  for (auto& report : *meeting.mutable_reports()) {
    report.clear_position();
    report.clear_recorded();
  }
  return meeting;
}

TEST_P(ScenarioFile, ReadsTheSameWhateverCameFirst) {
  const auto fold = [](const std::vector<v1::Report>& reports) {
    return FoldMeetings(reports, {}, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  };
  const auto expected = fold(scenario_.reports);
  std::mt19937 random(20210424);
  for (int round = 0; round < 8; ++round) {
    auto shuffled = scenario_.reports;
    std::ranges::shuffle(shuffled, random);
    for (std::size_t i = 0; i < shuffled.size(); ++i) shuffled[i].set_position(i + 1);
    const auto found = fold(shuffled);
    EXPECT_EQ(found.absorbed, expected.absorbed);
    ASSERT_EQ(found.meetings.size(), expected.meetings.size());
    for (std::size_t i = 0; i < found.meetings.size(); ++i) {
      std::string difference;
      google::protobuf::util::MessageDifferencer differencer;
      differencer.ReportDifferencesToString(&difference);
      EXPECT_TRUE(differencer.Compare(WithoutArrival(expected.meetings[i]),
                                      WithoutArrival(found.meetings[i])))
          << difference;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, ScenarioFile, testing::ValuesIn(ScenarioFiles()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace entente::domain::scenarios
