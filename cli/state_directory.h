// What the command keeps for this user between two runs.
#pragma once

#include <filesystem>

namespace entente::cli {

// $XDG_STATE_HOME/entente, else ~/.local/state/entente (XDG Base Directory Specification 0.8: what
// is relative is ignored). Empty where there is no such place.
std::filesystem::path StateDirectory();

}  // namespace entente::cli
