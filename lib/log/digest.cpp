#include "log/digest.h"

#include <openssl/evp.h>

#include <cstring>
#include <new>

namespace entente::log {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  // Only a broken OpenSSL installation lacks SHA-256, and nothing here works without.
  if (!context_ || !algorithm || EVP_DigestInit_ex2(context_.get(), algorithm.get(), nullptr) != 1)
    throw std::bad_alloc();
}

Digest Sha256::Of(std::string_view a, std::string_view b) {
  // A null type keeps the algorithm fetched in the constructor.
  EVP_DigestInit_ex2(context_.get(), nullptr, nullptr);
  EVP_DigestUpdate(context_.get(), a.data(), a.size());
  if (!b.empty()) EVP_DigestUpdate(context_.get(), b.data(), b.size());
  Digest digest;
  EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  return digest;
}

Digest DigestFrom(std::string_view bytes) {
  Digest digest;
  std::memcpy(digest.data(), bytes.data(), digest.size());
  return digest;
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string IdFromContent(const Digest& content) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr std::size_t kBytes = 16;
  std::string id = "x-";
  id.reserve(kMadeIdSize);
  unsigned buffer = 0;
  int bits = 0;
  for (std::size_t i = 0; i < kBytes; ++i) {
    buffer = buffer << 8 | content[i];
    bits += 8;
    for (; bits >= 5; bits -= 5) id += kAlphabet[buffer >> (bits - 5) & 31];
    buffer &= (1U << bits) - 1;
  }
  id += kAlphabet[buffer << (5 - bits) & 31];  // the 3 bits that are left
  return id;
}

}  // namespace entente::log
