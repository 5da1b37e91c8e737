// docs/domain.md says what the program does: its events are well-formed and its rules are held by
// the scenarios they name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "domain/event/check.h"
#include "formats/json_lines.h"

namespace entente::domain {
namespace {

std::string Page() {
  std::ifstream in(ENTENTE_SOURCE_DIR "/docs/domain.md");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> JsonBlocks(const std::string& page) {
  std::vector<std::string> blocks;
  constexpr std::string_view kStart = "```json\n";
  for (auto at = page.find(kStart); at != std::string::npos; at = page.find(kStart, at)) {
    at += kStart.size();
    blocks.push_back(page.substr(at, page.find("\n```", at) - at));
  }
  return blocks;
}

TEST(DomainPage, EachOfItsEventsIsWellFormed) {
  std::set<v1::NewEvent::PayloadCase> shown;
  for (const auto& block : JsonBlocks(Page())) {
    const auto event = formats::EventFromJson(block);
    ASSERT_TRUE(event) << event.error().ToString() << "\n" << block;
    shown.insert(event->payload_case());
    for (const auto& error : CheckEvent(*event, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn())) {
      ADD_FAILURE() << error.ToString() << "\n" << block;
    }
  }
  // Every type that a client may send has an example.
  const auto* payload = v1::NewEvent::descriptor()->FindOneofByName("payload");
  for (int i = 0; i < payload->field_count(); ++i) {
    const auto* field = payload->field(i);
    if (field->name() == "clock_adjusted" || field->name() == "event_erased") continue;
    EXPECT_TRUE(shown.contains(static_cast<v1::NewEvent::PayloadCase>(field->number())))
        << field->name() << " has no example";
  }
}

TEST(DomainPage, ItsRulesAndTheScenariosNameEachOther) {
  const std::string page = Page();
  std::set<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(ENTENTE_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() == ".scenario") files.insert(entry.path().stem().string());
  }
  std::set<std::string> named;
  const std::regex name("`([a-z]+(-[a-z0-9]+)+)`");
  for (std::sregex_iterator at(page.begin(), page.end(), name), end; at != end; ++at) {
    named.insert((*at)[1].str());
  }
  EXPECT_EQ(named, files);
}

TEST(DomainPage, EachRowOfItsRulesNamesAScenario) {
  std::istringstream page(Page());
  bool rules = false;
  int rows = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("|")) rules = false;
    if (rules && !line.starts_with("|---")) {
      EXPECT_TRUE(line.ends_with("` |")) << line;
      ++rows;
    }
    if (line == "| rule | scenario |") rules = true;
  }
  EXPECT_GT(rows, 60);
}

}  // namespace
}  // namespace entente::domain
