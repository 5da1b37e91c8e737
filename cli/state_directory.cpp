#include "cli/state_directory.h"

#include <cstdlib>

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

fs::path AbsolutePathIn(const char* variable) {
  const char* const value = std::getenv(variable);
  const fs::path path = value == nullptr ? fs::path() : fs::path(value);
  return path.is_absolute() ? path : fs::path();
}

}  // namespace

fs::path StateDirectory() {
  if (const fs::path state = AbsolutePathIn("XDG_STATE_HOME"); !state.empty()) {
    return state / "entente";
  }
  if (const fs::path home = AbsolutePathIn("HOME"); !home.empty()) {
    return home / ".local/state/entente";
  }
  return {};
}

}  // namespace entente::cli
