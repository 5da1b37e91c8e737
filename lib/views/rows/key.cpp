#include "views/rows/key.h"

#include <cassert>

namespace entente::views {

Key& Key::Text(std::string_view text) & {
  assert(text.find('\0') == std::string_view::npos);
  bytes_ += text;
  bytes_.push_back('\0');
  return *this;
}

Key& Key::Put(std::uint64_t value, unsigned width) {
  for (unsigned i = width; i-- > 0;) bytes_.push_back(static_cast<char>(value >> (8 * i)));
  return *this;
}

std::string EndOf(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  return end;
}

KeyReader& KeyReader::Skip(std::size_t n) {
  Fixed(n);
  return *this;
}

std::string_view KeyReader::Fixed(std::size_t n) {
  if (!ok_ || rest_.size() < n) {
    ok_ = false;
    return {};
  }
  const std::string_view bytes = rest_.substr(0, n);
  rest_.remove_prefix(n);
  return bytes;
}

std::string_view KeyReader::Text() {
  const std::size_t end = rest_.find('\0');
  if (!ok_ || end == std::string_view::npos) {
    ok_ = false;
    return {};
  }
  const std::string_view text = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return text;
}

std::uint64_t KeyReader::Take(unsigned width) {
  std::uint64_t value = 0;
  for (const char c : Fixed(width)) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::string PackU32(std::uint32_t value) { return PackU64(value).substr(4); }

std::string PackU64(std::uint64_t value) {
  std::string bytes;
  for (unsigned i = 8; i-- > 0;) bytes.push_back(static_cast<char>(value >> (8 * i)));
  return bytes;
}

}  // namespace entente::views
