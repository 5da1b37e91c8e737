// Well-formed events for tests: between them every message type and every field that a client may
// send.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/event.pb.h"

namespace entente::domain {

struct SampleEvent {
  std::string name;
  v1::NewEvent event;
};

// The event that text format gives, over one with stream, reported, source and meeting filled in.
v1::NewEvent EventFromText(std::string_view text);

// One or more of each payload, with all fields set.
const std::vector<SampleEvent>& SampleEvents();

}  // namespace entente::domain
