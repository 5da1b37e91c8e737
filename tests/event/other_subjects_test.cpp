#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/event/check.h"
#include "tests/event/sample_events.h"

namespace entente::domain {
namespace {

TEST(OtherSubjects, AreThoseTheFactsConcern) {
  const struct {
    const char* text;
    std::vector<std::string> subjects;
  } rows[] = {
      {R"(meeting_held {})", {}},
      {R"(meetings_merged { survivor: "meeting/a" absorbed: "meeting/b" })", {"meeting/b"}},
      {R"(meetings_merged { survivor: "meeting/b" absorbed: "meeting/a" })", {"meeting/b"}},
      {R"(meeting_split { from: "meeting/a" to: "meeting/c" })", {"meeting/c"}},
      {R"(meeting_linked { other: "meeting/d" })", {"meeting/d"}},
      {R"(statement_made { about: "pair/IN-JP" about: "kind/summit" about: "pair/IN-JP"
          about: "meeting/a" })",
       {"kind/summit", "pair/IN-JP"}},
      {R"(report_corrected { replacement { statement_made { about: "kind/summit" } } })",
       {"kind/summit"}},
      {R"(report_retracted { target: "x" })", {}},
  };
  for (const auto& row : rows) {
    const v1::NewEvent event = EventFromText(row.text);
    v1::Facts facts;
    ASSERT_TRUE(facts.ParseFromString(event.SerializeAsString()));
    EXPECT_EQ(OtherSubjects("meeting/a", facts), row.subjects) << row.text;
  }
}

}  // namespace
}  // namespace entente::domain
