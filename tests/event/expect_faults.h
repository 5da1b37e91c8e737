// What CheckEvent says of an event, as one line that a table can hold.
#pragma once

#include <initializer_list>
#include <string>

#include "entente/v1/event.pb.h"
#include "values/error.h"

namespace entente::domain {

Errors Check(const v1::NewEvent& event);

// "DATE_INVALID meeting_held.date.edtf; WORD_UNKNOWN meeting.kind"; empty: well-formed.
std::string Faults(const v1::NewEvent& event);

// What is laid over a well-formed event in text format, and the exact faults.
struct FaultCase {
  const char* text;
  const char* faults;
};
void ExpectFaults(std::initializer_list<FaultCase> cases);

}  // namespace entente::domain
