// What can be asked of a folded history, each question answered in one line of text.
#pragma once

#include <string>
#include <vector>

#include "tests/meeting/scenario.h"

namespace entente::domain::scenarios {

// The answer to one expectation's key. std::runtime_error for a key that nobody knows.
std::string Answer(const Scenario& scenario, const Then& then, const std::string& key);

// All findings as `KIND FACET: REPORTS`, each the way a scenario lists it.
std::vector<std::string> FindingsOf(const Scenario& scenario, const Then& then);
bool IsFindingKey(const std::string& key);

}  // namespace entente::domain::scenarios
