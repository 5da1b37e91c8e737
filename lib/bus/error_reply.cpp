#include "bus/error_reply.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace entente::bus {
namespace {

// Bytes of the well-formed UTF-8 character at the head of `text` (RFC 3629); 0 if there is none.
std::size_t CharacterBytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t bytes = 0;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    bytes = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    bytes = 3;
    if (lead == 0xe0) second_min = 0xa0;  // no overlong forms
    if (lead == 0xed) second_max = 0x9f;  // no surrogates
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    bytes = 4;
    if (lead == 0xf0) second_min = 0x90;
    if (lead == 0xf4) second_max = 0x8f;  // nothing above U+10FFFF
  }
  if (bytes == 0 || text.size() < bytes) return 0;
  if (byte(1) < second_min || byte(1) > second_max) return 0;
  for (std::size_t i = 2; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  return bytes;
}

// Valid UTF-8 of at most `bytes_max` bytes, cut between characters.
std::string Text(std::string_view text, std::size_t bytes_max = std::string_view::npos) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bytes = CharacterBytes(text);
    const std::string character =
        bytes > 0 ? std::string(text.substr(0, bytes))
                  : fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    if (out.size() + character.size() > bytes_max) break;
    out += character;
    text.remove_prefix(bytes > 0 ? bytes : 1);
  }
  return out;
}

v1::Error ToProto(const Error& error) {
  v1::Error out;
  out.set_reason(static_cast<v1::Reason::Value>(error.reason));
  out.set_field(Text(error.field));
  out.set_value(Text(error.value, kErrorValueBytesMax));
  // Also for a client that does not know the reason.
  out.set_message(Text(error.message.empty() ? Describe(error.reason).text : error.message));
  if (error.position) out.set_position(error.position->value());
  for (const std::string& suggestion : error.suggestions) out.add_suggestions(Text(suggestion));
  return out;
}

Error FromProto(const v1::Error& error) {
  Error out;
  out.field = error.field();
  out.value = error.value();
  out.message = error.message();
  if (error.position() != 0) out.position = Position(error.position());
  out.suggestions.assign(error.suggestions().begin(), error.suggestions().end());
  const int number = error.reason();
  if (const CatalogueEntry* entry = FindReason(std::to_string(number))) {
    out.reason = entry->reason;
  } else {
    out.reason = Reason::kInternal;
    out.message = fmt::format("error {} of a newer version: {}", number, error.message());
  }
  return out;
}

Error NoErrors() {
  Error error;
  error.reason = Reason::kInternal;
  error.message = "The request was refused without a reason.";
  return error;
}

}  // namespace

v1::ErrorReply ToErrorReply(const Errors& errors) {
  v1::ErrorReply reply;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    v1::Error error = ToProto(errors[i]);
    bytes += error.ByteSizeLong();
    if (bytes > kErrorReplyBytesMax) {
      v1::Error& rest = *reply.add_errors();
      rest.set_reason(static_cast<v1::Reason::Value>(errors[i].reason));
      rest.set_message(
          fmt::format("{} further faults are left out, this one first; mend the {} "
                      "above and send again.",
                      errors.size() - i, i));
      break;
    }
    *reply.add_errors() = std::move(error);
  }
  if (errors.empty()) *reply.add_errors() = ToProto(NoErrors());
  return reply;
}

Errors FromErrorReply(const v1::ErrorReply& reply) {
  Errors errors;
  errors.reserve(static_cast<std::size_t>(reply.errors_size()));
  for (const v1::Error& error : reply.errors()) errors.push_back(FromProto(error));
  if (errors.empty()) errors.push_back(NoErrors());
  return errors;
}

}  // namespace entente::bus
