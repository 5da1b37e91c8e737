// docs/dates.md says what the program does: each row of its tables is read and compared.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "domain/dates/uncertain_date.h"
#include "domain/words/describe.h"

namespace entente::domain {
namespace {

// The cells of each row below the table header that begins with `| header`, without backticks
// around the first.
std::vector<std::vector<std::string>> TableUnder(const std::string& header) {
  std::ifstream file(ENTENTE_SOURCE_DIR "/docs/dates.md");
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == header) {
      inside = true;
    } else if (!line.starts_with("|")) {
      inside = false;
    } else if (inside && !line.starts_with("|---")) {
      std::vector<std::string> cells;
      for (std::size_t at = 2; at < line.size();) {
        const std::size_t end = line.find(" |", at);
        cells.push_back(line.substr(at, end - at));
        at = end + 3;
      }
      cells[0] = cells[0].substr(1, cells[0].size() - 2);
      rows.push_back(cells);
    }
  }
  return rows;
}

std::string EndOf(const UncertainDate& date, Day day) {
  if (day.finite()) return day.Iso();
  return date.unknown_end() ? "unknown" : "open";
}

TEST(DocumentedDates, MeanWhatTheTableSays) {
  const auto rows = TableUnder("| Written | Means | First day | Last day |");
  ASSERT_GT(rows.size(), 20u);
  for (const auto& row : rows) {
    const auto date = UncertainDate::Parse(row.at(0));
    ASSERT_TRUE(date) << row[0] << ": " << date.error().message;
    EXPECT_EQ(row, (std::vector<std::string>{row[0], DateInWords(row[0]),
                                             EndOf(*date, date->bounds().earliest),
                                             EndOf(*date, date->bounds().latest)}));
  }
}

TEST(DocumentedDates, AreRefusedAsTheTableSays) {
  const auto rows = TableUnder("| Written | Answer |");
  ASSERT_GT(rows.size(), 10u);
  for (const auto& row : rows) {
    const auto date = UncertainDate::Parse(row.at(0));
    ASSERT_FALSE(date) << row[0];
    EXPECT_EQ(row.at(1), date.error().message) << row[0];
  }
}

}  // namespace
}  // namespace entente::domain
