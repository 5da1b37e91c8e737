// Runs of machine-coded rows, on rows as a coder really makes them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "domain/meeting/fold.h"

namespace entente::domain {
namespace {

// "Name_With_Underscores<TAB>NUMBER" -> number of the name.
std::string NumberOf(const std::filesystem::path& file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name + "\t")) return line.substr(name.size() + 1);
  }
  return {};
}

v1::Report Row(const std::string& day, std::size_t number) {
  v1::Report report;
  report.set_position(number);
  report.set_event_id("row-" + std::to_string(number));
  report.set_stream("pair/JP-US");
  report.set_reported(day);
  report.set_class_(v1::Source::inferred);
  auto& mention = *report.mutable_facts()->mutable_mention_recorded();
  mention.set_coder("icews");
  mention.set_code("042");
  mention.add_actors("US");
  mention.add_actors("JP");
  mention.set_day(day);
  return report;
}

// ICEWS14 (García-Durán et al. 2018): SUBJECT RELATION OBJECT DAY, days counted from 2014-01-01.
TEST(Mentions, OneTripOfManyDaysIsOneRun) {
  const std::filesystem::path icews = ENTENTE_SOURCE_DIR "/../shared/data/icews";
  if (!std::filesystem::exists(icews)) GTEST_SKIP() << "no " << icews;
  const std::string visitor = NumberOf(icews / "icews14_entity2id.txt", "Barack_Obama");
  const std::string visited = NumberOf(icews / "icews14_entity2id.txt", "Japan");
  const std::string visits = NumberOf(icews / "icews14_relation2id.txt", "Make_a_visit");
  std::vector<v1::Report> rows;
  for (const char* part : {"train", "valid", "test"}) {
    std::ifstream in(icews / (std::string("icews14_") + part + ".txt"));
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string subject, relation, object;
      int day = 0;
      words >> subject >> relation >> object >> day;
      if (subject != visitor || relation != visits || object != visited) continue;
      rows.push_back(Row(Day::FromIso("2014-01-01")->PlusDays(day).Iso(), rows.size() + 1));
    }
  }
  ASSERT_GT(rows.size(), 40U);
  const auto subject =
      FoldSubject("pair/JP-US", rows, {}, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
  EXPECT_LT(subject.runs_size(), 15);
  std::map<std::string, std::string> runs;
  for (const auto& run : subject.runs()) runs[run.first()] = run.last();
  EXPECT_EQ(runs["2014-04-02"], "2014-05-05");  // he was there from 23 to 25 April
}

}  // namespace
}  // namespace entente::domain
