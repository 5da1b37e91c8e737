// Makes the names in a directory durable.
#pragma once

#include <filesystem>

#include "values/error.h"

namespace entente::log {

// STORE_IO.
Status SyncDirectory(const std::filesystem::path& directory);

}  // namespace entente::log
