// Numbers that are mostly small, in as few bytes as they need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace entente::views {

// Seven bits a byte, the lowest first; the eighth is set on all bytes but the last.
void PutVarint(std::uint64_t value, std::string* bytes);
// Takes one off the front; nullopt where the bytes end within it.
std::optional<std::uint64_t> GetVarint(std::string_view* bytes);

}  // namespace entente::views
