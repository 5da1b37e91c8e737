// Every history of tests/scenarios is told report by report: the fold's own states, and what a
// reader would get for each change. `ENTENTE_TELL=1 words_test --gtest_filter=Histories*` prints
// them all, which is how to read what a change to the wording does.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>

#include "domain/meeting/change.h"
#include "domain/meeting/fold.h"
#include "domain/words/describe.h"
#include "tests/meeting/scenario.h"

namespace entente::domain {
namespace {

namespace fs = std::filesystem;

using Meetings = std::map<std::string, v1::Meeting>;

Meetings FoldAll(const std::vector<v1::Report>& reports) {
  Meetings meetings;
  auto folded = FoldMeetings(reports, {}, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  for (v1::Meeting& meeting : folded.meetings) meetings[meeting.id()] = std::move(meeting);
  return meetings;
}

const v1::Meeting& Get(const Meetings& meetings, const std::string& id) {
  const auto found = meetings.find(id);
  return found == meetings.end() ? v1::Meeting::default_instance() : found->second;
}

// What is amiss with a sentence; empty: nothing.
std::string Amiss(const std::string& told) {
  // Ids may hold a date.
  static const std::regex kRawDate("(^|[ (,])[0-9]{4}-[0-9]{2}");
  static const std::regex kRawWord("[a-z]_[a-z]");
  const std::size_t source = told.find(". Source: ");
  if (source == std::string::npos) return "no source, or no full stop before it";
  const std::string sentence = told.substr(0, source + 1);
  if (sentence.size() < 20) return "too short";
  if (sentence[0] >= 'a' && sentence[0] <= 'z') return "no capital";
  if (std::regex_search(sentence, kRawDate)) return "a date that is not in words";
  if (std::regex_search(sentence, kRawWord)) return "a word of the schema";
  for (const char* bad : {"  ", " ,", " ;", "..", "()", "( ", ";;", " .", ": ;", "{", "}"}) {
    if (sentence.find(bad) != std::string::npos) return fmt::format("`{}`", bad);
  }
  return "";
}

TEST(Histories, ReadAsSentences) {
  const bool tell = std::getenv("ENTENTE_TELL") != nullptr;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(ENTENTE_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  ASSERT_FALSE(files.empty());
  for (const fs::path& file : files) {
    const auto scenario = scenarios::ReadScenario(file);
    if (tell) fmt::print("\n{}\n", file.stem().string());
    std::vector<v1::Report> reports;
    Meetings before;
    for (const v1::Report& report : scenario.reports) {
      reports.push_back(report);
      const Meetings after = FoldAll(reports);
      for (const auto& [id, meeting] : after) {
        const v1::Meeting& was = Get(before, id);
        if (was.SerializeAsString() == meeting.SerializeAsString()) continue;
        v1::Change change;
        change.set_subject(id);
        for (const auto reason : ReasonsFor(was, meeting, report)) change.add_reasons(reason);
        const std::string told = ChangeInWords(change, was, meeting, report,
                                               PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
        if (tell) fmt::print("  {}\n", told);
        EXPECT_EQ(Amiss(told), "")
            << file.stem().string() << ", " << report.event_id() << ": " << told;
      }
      before = after;
    }
  }
}

}  // namespace
}  // namespace entente::domain
