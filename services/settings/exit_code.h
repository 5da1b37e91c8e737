// Exit codes of the programs.
#pragma once

#include "values/error.h"

namespace entente::settings {

enum ExitCode : int {
  kStoppedAsAsked = 0,
  kFailed = 1,
  kNotUsable = 2,  // flags, configuration, endpoint, a file
  kBusy = 3,       // another process holds the data directory
  kDamaged = 4,    // the store is damaged, lost or of another version
};

ExitCode ExitCodeOf(const Error& error);

}  // namespace entente::settings
