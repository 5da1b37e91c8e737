// What the command's exit status says, so that scripts need not read texts.
#pragma once

#include <span>
#include <string_view>

#include "values/error.h"

namespace entente::cli {

enum class ExitCode : int {
  kDone = 0,
  kRefused = 1,      // something was refused for what it says
  kUsage = 2,        // the command line itself
  kUnreachable = 3,  // no service, or not now: the same command may succeed later
  kNotFound = 4,
  kDamaged = 5,   // data is lost or damaged
  kBlocked = 6,   // something has to be repaired or released first
  kInternal = 7,  // a fault of ours
};

struct ExitCodeMeaning {
  ExitCode code;
  std::string_view text;
};

// In the order of their numbers; what `entente help exit-codes` prints.
std::span<const ExitCodeMeaning> ExitCodeMeanings();

// The exit status that tells of an error of a service or a store.
ExitCode ExitCodeOf(Code code);
inline ExitCode ExitCodeOf(const Error& error) { return ExitCodeOf(Describe(error.reason).code); }

}  // namespace entente::cli
