#include "services/settings/version.h"

namespace entente::settings {

std::string_view Version() { return ENTENTE_VERSION; }

}  // namespace entente::settings
