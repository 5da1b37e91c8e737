#include "client/bookmark.h"

#include <charconv>
#include <fstream>
#include <limits>
#include <string>

namespace entente::client {
namespace {

// Reads a number and what must follow it; false: something else stands there.
bool Take(const char** at, const char* end, char follows, std::uint64_t* number) {
  const auto [last, fault] = std::from_chars(*at, end, *number);
  if (fault != std::errc() || last == end || *last != follows) return false;
  *at = last + 1;
  return true;
}

std::optional<Cursor> Parse(const std::string& text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  std::uint64_t position = 0;
  std::uint64_t ordinal = 0;
  if (!Take(&at, end, ' ', &position) || !Take(&at, end, '\n', &ordinal) || at != end ||
      ordinal > std::numeric_limits<std::uint16_t>::max()) {
    return std::nullopt;
  }
  return Cursor{Position(position), Ordinal(static_cast<std::uint16_t>(ordinal))};
}

}  // namespace

Result<std::optional<Cursor>> Bookmark::Read() const {
  std::error_code fault;
  if (!std::filesystem::exists(file_, fault)) return std::nullopt;
  std::ifstream in(file_);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto cursor = Parse(text);
  if (!in || !cursor) {
    return Fail(Reason::kFileUnreadable, file_.string(), text.substr(0, 80),
                "This is no bookmark: a position and an ordinal.");
  }
  return cursor;
}

Status Bookmark::Save(const Cursor& cursor) const {
  std::filesystem::path scratch = file_;
  scratch += ".new";
  {
    std::ofstream out(scratch, std::ios::trunc);
    out << cursor.position.value() << ' ' << cursor.ordinal.value() << '\n';
    out.close();
    if (!out) {
      return Fail(Reason::kFileUnreadable, scratch.string(), "", "The place cannot be written.");
    }
  }
  std::error_code fault;
  std::filesystem::rename(scratch, file_, fault);
  if (fault) return Fail(Reason::kFileUnreadable, file_.string(), "", fault.message());
  return {};
}

}  // namespace entente::client
