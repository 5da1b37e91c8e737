// `entente log erase`.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "cli/commands/commands.h"
#include "log/erasure_order.h"

namespace entente::cli {

// Position 3 was erased by order of Landgericht Berlin (position 7, 2021-05-05): Order 27 O 123/21
std::string InWords(const log::ErasureOrder& order);

void AddErase(CLI::App& log, Run* chosen);

}  // namespace entente::cli
