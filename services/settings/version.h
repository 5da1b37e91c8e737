// The version of this build.
#pragma once

#include <string_view>

namespace entente::settings {

// Such as 0.1.0.
std::string_view Version();

}  // namespace entente::settings
