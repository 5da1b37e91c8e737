#include "bus/endpoint.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>

namespace entente::bus {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";
constexpr std::string_view kInproc = "inproc://";

tl::unexpected<Error> Refuse(std::string_view endpoint, std::string message) {
  return Fail(Reason::kEndpointRefused, "endpoint", std::string(endpoint), std::move(message));
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct HostAndPort {
  std::string_view host;  // [::1] without its brackets
  std::string_view port;
};

// Of what stands behind tcp://.
std::optional<HostAndPort> SplitTcp(std::string_view rest) {
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  HostAndPort split{rest.substr(0, colon), rest.substr(colon + 1)};
  if (split.host.front() == '[') {
    if (split.host.size() < 3 || split.host.back() != ']') return std::nullopt;
    split.host = split.host.substr(1, split.host.size() - 2);
  } else if (split.host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  return split;
}

bool IsPort(std::string_view port) {
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
  return fault == std::errc() && end == port.data() + port.size() && number >= 1 &&
         number <= 65'535;
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost") return true;
  const std::string text(host);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six) != 0;
}

bool HasNameAfter(std::string_view endpoint, std::string_view scheme) {
  return endpoint.starts_with(scheme) && endpoint.size() > scheme.size();
}

// The three forms; HostAndPort is empty unless it is tcp.
Result<HostAndPort> CheckForm(std::string_view endpoint) {
  if (HasNameAfter(endpoint, kIpc) || HasNameAfter(endpoint, kInproc)) return HostAndPort{};
  if (endpoint.starts_with(kTcp)) {
    if (auto split = SplitTcp(endpoint.substr(kTcp.size()))) return *split;
  }
  return Refuse(endpoint, "Write tcp://HOST:PORT, ipc://PATH or inproc://NAME.");
}

}  // namespace

Result<std::vector<std::string>> SplitEndpoints(std::string_view list) {
  std::vector<std::string> endpoints;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view one = Trim(list.substr(0, comma));
    if (one.empty()) return Refuse(one, "An endpoint is empty; write one, or several with commas.");
    endpoints.emplace_back(one);
    if (comma == std::string_view::npos) return endpoints;
    list.remove_prefix(comma + 1);
  }
}

Result<std::string> EndpointToBind(std::string_view endpoint, bool allow_plaintext) {
  auto split = CheckForm(endpoint);
  if (!split) return Fail(std::move(split.error()));
  if (split->host.empty()) return std::string(endpoint);
  if (split->port != "*" && !IsPort(split->port)) {
    return Refuse(endpoint, "The port must be 1 to 65535, or * for a free one.");
  }
  if (!allow_plaintext && !IsLoopback(split->host)) {
    return Refuse(endpoint,
                  "Messages travel in plaintext, so only 127.0.0.0/8, [::1], ipc and inproc are "
                  "bound; allow plaintext if the network is one you trust.");
  }
  if (split->host == "localhost") return fmt::format("tcp://127.0.0.1:{}", split->port);
  return std::string(endpoint);
}

Result<std::string> EndpointToConnect(std::string_view endpoint) {
  auto split = CheckForm(endpoint);
  if (!split) return Fail(std::move(split.error()));
  if (!split->host.empty() && (!IsPort(split->port) || split->host == "*")) {
    return Refuse(endpoint, "To connect, host and port (1 to 65535) must be given.");
  }
  return std::string(endpoint);
}

}  // namespace entente::bus
