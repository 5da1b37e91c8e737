// How the services are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/render/style.h"
#include "entente/v1/log.pb.h"

namespace entente::cli::render {

struct ServiceStatus {
  std::string name;
  std::string endpoint;
  // Absent: it did not answer.
  std::optional<v1::StatusReply> reply;
};

// Positions, how far each is behind the log, health and notes.
// `home` is shortened to ~ in the data directory's path; empty: nothing is.
std::string Status(const std::vector<ServiceStatus>& services, std::string_view home,
                   const Style& style);

}  // namespace entente::cli::render
