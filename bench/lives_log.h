// A log of lives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "log/log.h"

namespace entente::bench {

// A log of at least so many events in this directory; what one that is there lacks is appended.
std::unique_ptr<log::Log> LogOfLives(const std::filesystem::path& directory, std::uint64_t events);

}  // namespace entente::bench
