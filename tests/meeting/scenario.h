// Histories as small text files, read: who said what about which meeting when, and then what the
// fold makes of it. The grammar is in tests/scenarios/README.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/meeting/fold.h"
#include "entente/v1/meeting.pb.h"
#include "values/day.h"

namespace entente::domain::scenarios {

// One line below a `then`: what is asked, and the answer expected.
struct Expectation {
  int line = 0;
  std::string key;
  std::string value;
};

struct Then {
  int line = 0;
  Day today;
  AsOf as_of;
  std::string of;  // stream; empty: the file's first
  std::vector<Expectation> expectations;
};

struct Scenario {
  std::string story;
  std::string first_stream;
  std::vector<v1::Report> reports;  // in the order of arrival
  std::vector<Then> thens;
};

// A line that does not read is a std::runtime_error "FILE:LINE: what to do".
Scenario ReadScenario(const std::filesystem::path& file);

// `held 2021-04-24; mode video; place Tokyo` as facts. std::runtime_error.
v1::Facts ReadSays(std::string_view says);

// Parts of `text` between separators, trimmed; none for an empty text.
std::vector<std::string> SplitTrimmed(std::string_view text, char separator);
std::string Trim(std::string_view text);

}  // namespace entente::domain::scenarios
