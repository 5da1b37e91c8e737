// Endpoints: which may be bound and connected to. The wire is plaintext, so by default it stays on
// this machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "values/error.h"

namespace entente::bus {

// "a, b" -> {a, b}. ENDPOINT_REFUSED for an empty list or element.
Result<std::vector<std::string>> SplitEndpoints(std::string_view list);

// An endpoint to bind, in the form that ZeroMQ wants (localhost as 127.0.0.1). ENDPOINT_REFUSED
// when it is not tcp://HOST:PORT, ipc://PATH or inproc://NAME, or when it is tcp beyond loopback
// and plaintext is not allowed there. Names other than localhost count as beyond loopback.
Result<std::string> EndpointToBind(std::string_view endpoint, bool allow_plaintext);

// An endpoint to connect to; any host. ENDPOINT_REFUSED when it has none of the three forms.
Result<std::string> EndpointToConnect(std::string_view endpoint);

}  // namespace entente::bus
