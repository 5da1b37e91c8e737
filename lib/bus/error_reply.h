// Errors as they stand in an `error` message, and back.
#pragma once

#include <cstddef>

#include "entente/v1/error.pb.h"
#include "values/error.h"

namespace entente::bus {

inline constexpr std::size_t kErrorValueBytesMax = 200;
// An error reply ends about here, however many faults the request has.
inline constexpr std::size_t kErrorReplyBytesMax = 4U << 20;

// Texts become valid UTF-8 (other bytes as \xNN), values are cut at kErrorValueBytesMax. A fault
// without a message gets the catalogue's, for clients that do not know its reason yet. Faults
// beyond kErrorReplyBytesMax are left out; a last entry, of the reason of the first one left out,
// counts them. No errors at all become one INTERNAL: an error reply is never empty.
v1::ErrorReply ToErrorReply(const Errors& errors);

// Never empty, for the same reason. A reason this version does not know becomes INTERNAL, with
// its number in the message.
Errors FromErrorReply(const v1::ErrorReply& reply);

}  // namespace entente::bus
