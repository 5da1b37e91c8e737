#include "cli/render/style.h"

#include <utf8proc.h>

#include <algorithm>

namespace entente::cli::render {
namespace {

std::string_view CodeOf(Tint tint) {
  switch (tint) {
    case Tint::kPlain:
      return "";
    case Tint::kStrong:
      return "\x1b[1m";
    case Tint::kFaint:
      return "\x1b[2m";
    case Tint::kGood:
      return "\x1b[32m";
    case Tint::kWaiting:
      return "\x1b[33m";
    case Tint::kBad:
      return "\x1b[31m";
  }
  return "";
}

// One code point of the text; length 0 at the end, code point -1 where the bytes are broken.
struct CodePoint {
  utf8proc_int32_t value = -1;
  std::size_t bytes = 0;
};

CodePoint FirstOf(std::string_view text) {
  if (text.empty()) return {};
  CodePoint point;
  const auto read = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &point.value);
  point.bytes = read > 0 ? static_cast<std::size_t>(read) : 1;
  if (read <= 0) point.value = -1;
  return point;
}

unsigned WidthOf(const CodePoint& point) {
  if (point.value < 0) return 1;
  const int width = utf8proc_charwidth(point.value);
  return width > 0 ? static_cast<unsigned>(width) : 0;
}

// What of a word that is wider than the room left stays on this line: up to its last hyphen that
// fits, else as many characters as fit.
std::string_view PieceOf(std::string_view word, unsigned room) {
  std::size_t fits = 0;
  std::size_t hyphen = 0;
  unsigned used = 0;
  while (fits < word.size()) {
    const CodePoint point = FirstOf(word.substr(fits));
    used += WidthOf(point);
    if (used > room) break;
    fits += point.bytes;
    if (point.value == '-' && fits > 1) hyphen = fits;
  }
  return word.substr(0, hyphen > 0 ? hyphen : fits);
}

bool IsControl(utf8proc_int32_t c) {
  // C0, DEL, C1, and the marks that turn the direction of the whole line.
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string Style::Paint(Tint tint, std::string_view text) const {
  if (!colour || tint == Tint::kPlain || text.empty()) return std::string(text);
  std::string painted(CodeOf(tint));
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

unsigned DisplayWidth(std::string_view text) {
  unsigned width = 0;
  while (!text.empty()) {
    const CodePoint point = FirstOf(text);
    width += WidthOf(point);
    text.remove_prefix(point.bytes);
  }
  return width;
}

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = FirstOf(text);
    if (point.value == '\n' || point.value == '\t' || point.value == '\r') {
      out += ' ';
    } else if (point.value < 0 || IsControl(point.value)) {
      out += "\uFFFD";
    } else {
      out += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return out;
}

std::string Wrap(std::string_view text, unsigned width, std::string_view indent) {
  if (width == 0) return std::string(text);
  const auto leading = std::min(text.find_first_not_of(' '), text.size());
  std::string out(leading, ' ');
  text.remove_prefix(leading);
  auto used = static_cast<unsigned>(leading);
  bool line_begun = false;
  const auto break_line = [&] {
    out += '\n';
    out += indent;
    used = DisplayWidth(indent);
    line_begun = false;
  };
  while (!text.empty()) {
    const auto space = text.find(' ');
    auto word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    if (line_begun && used + 1 + DisplayWidth(word) > width) {
      break_line();
    } else if (line_begun) {
      out += ' ';
      ++used;
    }
    while (used + DisplayWidth(word) > width) {
      const std::string_view piece = PieceOf(word, width - std::min(used, width));
      if (piece.empty() && used <= DisplayWidth(indent)) break;  // not even one character fits
      out += piece;
      word.remove_prefix(piece.size());
      break_line();
    }
    out += word;
    used += DisplayWidth(word);
    line_begun = true;
  }
  return out;
}

}  // namespace entente::cli::render
