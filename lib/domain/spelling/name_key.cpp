#include "domain/spelling/name_key.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace entente::domain {
namespace {

struct Freed {
  void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
};

// Collects words one letter at a time and joins them as the key wants them.
class Words {
 public:
  void Letter(std::string_view bytes) { word_ += bytes; }
  void Letter(char c) { word_ += c; }
  void Break() {
    if (word_.empty()) return;
    // The word before is final only now: "the" and "st" mean something else when they stand alone.
    if (previous_ == "the" && key_.empty()) previous_.clear();
    if (previous_ == "st") previous_ = "saint";
    Flush();
    previous_ = std::move(word_);
    word_.clear();
  }
  std::string Finish() && {
    Break();
    Flush();
    return std::move(key_);
  }

 private:
  void Flush() {
    if (previous_.empty()) return;
    if (!key_.empty()) key_ += ' ';
    key_ += previous_;
  }

  std::string key_, previous_, word_;
};

bool IsApostropheOrStop(utf8proc_int32_t c) {
  return c == '\'' || c == '.' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x02BC ||
         c == 0x02BB || c == 0x00B4;
}

void Take(Words& words, utf8proc_int32_t c) {
  if (c < 0x80) {
    const char byte = static_cast<char>(c);
    if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) {
      words.Letter(byte);
    } else if (byte >= 'A' && byte <= 'Z') {
      words.Letter(static_cast<char>(byte + ('a' - 'A')));
    } else if (byte == '&') {
      words.Break();
      words.Letter("and");
      words.Break();
    } else if (!IsApostropheOrStop(c)) {
      words.Break();
    }
    return;
  }
  if (IsApostropheOrStop(c)) return;
  // Letters that Unicode does not take apart into a base letter and a mark.
  switch (c) {
    case 0x00E6:
      return words.Letter("ae");
    case 0x0153:
      return words.Letter("oe");
    case 0x00F8:
      return words.Letter('o');
    case 0x0142:
      return words.Letter('l');
    case 0x0111:
    case 0x00F0:
      return words.Letter('d');
    case 0x00FE:
      return words.Letter("th");
    case 0x0131:
      return words.Letter('i');
    default:
      break;
  }
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: {
      utf8proc_uint8_t bytes[4];
      const auto length = utf8proc_encode_char(c, bytes);
      return words.Letter({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)});
    }
    default:
      return words.Break();
  }
}

bool IsAscii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

std::string NameKey(std::string_view text) {
  Words words;
  if (IsAscii(text)) {
    for (const char c : text) Take(words, c);
    return std::move(words).Finish();
  }
  utf8proc_uint8_t* mapped = nullptr;
  const auto length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &mapped,
      // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): flags of a C library
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                     UTF8PROC_STRIPMARK | UTF8PROC_IGNORE));
  if (length < 0) return {};
  const std::unique_ptr<utf8proc_uint8_t, Freed> owner(mapped);
  for (utf8proc_ssize_t at = 0; at < length;) {
    utf8proc_int32_t c = 0;
    const auto step = utf8proc_iterate(mapped + at, length - at, &c);
    if (step <= 0) return {};
    Take(words, c);
    at += step;
  }
  return std::move(words).Finish();
}

}  // namespace entente::domain
