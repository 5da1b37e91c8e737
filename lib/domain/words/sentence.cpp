#include "domain/words/sentence.h"

#include <fmt/format.h>

#include <array>

namespace entente::domain {
namespace {

constexpr std::array<std::string_view, 13> kNumbers = {"no",   "one",    "two",   "three", "four",
                                                       "five", "six",    "seven", "eight", "nine",
                                                       "ten",  "eleven", "twelve"};
constexpr std::array<std::string_view, 13> kOrdinals = {
    "0th",     "first",  "second", "third", "fourth",   "fifth",  "sixth",
    "seventh", "eighth", "ninth",  "tenth", "eleventh", "twelfth"};

// Length of the control or direction character that `text` begins with; 0 if it begins with none.
// C0, DEL and C1 (U+0080-9F), U+200E-200F, U+2028-202E, U+2066-2069.
std::size_t UnprintableAt(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f) return 2;
  if (byte(0) != 0xe2) return 0;
  const bool direction = (byte(1) == 0x80 && ((byte(2) >= 0x8e && byte(2) <= 0x8f) ||
                                              (byte(2) >= 0xa8 && byte(2) <= 0xae))) ||
                         (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9);
  return direction ? 3 : 0;
}

}  // namespace

std::string JoinedWith(std::string_view conjunction, const std::vector<std::string>& items) {
  std::string joined;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) joined += i + 1 < items.size() ? ", " : fmt::format(" {} ", conjunction);
    joined += items[i];
  }
  return joined;
}

std::string NumberWord(std::uint64_t n) {
  return n < kNumbers.size() ? std::string(kNumbers[n]) : std::to_string(n);
}

std::string OrdinalWord(std::uint64_t n) {
  if (n < kOrdinals.size()) return std::string(kOrdinals[n]);
  const bool teen = n / 10 % 10 == 1;
  const std::uint64_t last = teen ? 0 : n % 10;
  return fmt::format("{}{}", n, last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

std::string Counted(std::uint64_t n, std::string_view noun, std::string_view plural) {
  if (n == 1) return fmt::format("one {}", noun);
  return plural.empty() ? fmt::format("{} {}s", NumberWord(n), noun)
                        : fmt::format("{} {}", NumberWord(n), plural);
}

std::string Possessive(std::string_view name) {
  return std::string(name) + (name.ends_with('s') ? "'" : "'s");
}

std::string Capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

std::string OneLine(std::string_view text) {
  std::string line;
  bool gap = false;
  while (!text.empty()) {
    std::size_t skip = UnprintableAt(text);
    if (skip == 0 && text[0] == ' ') skip = 1;
    if (skip > 0) {
      gap = true;
      text.remove_prefix(skip);
      continue;
    }
    if (gap && !line.empty()) line += ' ';
    gap = false;
    line += text[0];
    text.remove_prefix(1);
  }
  return line;
}

std::string Sentence(std::string text) {
  if (!text.ends_with('.') && !text.ends_with('!') && !text.ends_with('?')) text += '.';
  return text;
}

}  // namespace entente::domain
