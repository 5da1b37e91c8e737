#include "services/settings/exit_code.h"

namespace entente::settings {

ExitCode ExitCodeOf(const Error& error) {
  switch (error.reason) {
    case Reason::kConfigInvalid:
    case Reason::kEndpointRefused:
    case Reason::kFileUnreadable:
      return kNotUsable;
    case Reason::kStoreBusy:
      return kBusy;
    case Reason::kStoreFormat:
    case Reason::kStoreDamaged:
    case Reason::kLogLost:
    case Reason::kLogDiverged:
      return kDamaged;
    default:
      return kFailed;
  }
}

}  // namespace entente::settings
