#include "tests/event/expect_faults.h"

#include <gtest/gtest.h>

#include "domain/event/check.h"
#include "tests/event/sample_events.h"

namespace entente::domain {

Errors Check(const v1::NewEvent& event) {
  return CheckEvent(event, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
}

std::string Faults(const v1::NewEvent& event) {
  std::string line;
  for (const Error& error : Check(event)) {
    if (!line.empty()) line += "; ";
    line.append(Describe(error.reason).name).append(" ").append(error.field);
  }
  return line;
}

void ExpectFaults(std::initializer_list<FaultCase> cases) {
  for (const FaultCase& c : cases) EXPECT_EQ(Faults(EventFromText(c.text)), c.faults) << c.text;
}

}  // namespace entente::domain
