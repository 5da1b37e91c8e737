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
#include "entente/v1/query.pb.h"
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
  // What is asked of all meetings together instead: timeline, stats, pending, or the claims about
  // `of` (tests/views); empty: a meeting's state, which the fold alone answers.
  std::string view;
  std::string by;     // of stats: year, partner, mode, status, topic
  std::string where;  // a filter, as ReadFilter reads it
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

// `countries Japan; statuses held; certainty certain`: fields of a filter. std::runtime_error.
v1::Filter ReadFilter(std::string_view where);

// Parts of `text` between separators, trimmed; none for an empty text.
std::vector<std::string> SplitTrimmed(std::string_view text, char separator);
std::string Trim(std::string_view text);

}  // namespace entente::domain::scenarios
