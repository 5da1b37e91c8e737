// SHA-256 for content, carriage and chain, and the id made from a content digest.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace entente::log {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256

inline std::string_view BytesOf(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
// Of exactly 32 bytes.
Digest DigestFrom(std::string_view bytes);
// Lower-case hexadecimal.
std::string Hex(std::string_view bytes);

// Computes digests one after the other. Keeps OpenSSL's context between them: fetching the
// algorithm anew for each costs more than hashing a small event. One thread at a time.
class Sha256 {
 public:
  Sha256();
  // Of the concatenation.
  Digest Of(std::string_view a, std::string_view b = {});

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// The id of an event that was sent without one: `x-` and the base32 (RFC 4648, lower case, no
// padding) of the first 16 bytes of its content digest.
std::string IdFromContent(const Digest& content);
inline constexpr std::size_t kMadeIdSize = 28;

}  // namespace entente::log
