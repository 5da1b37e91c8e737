#include "views/postings/block.h"

#include <cassert>

#include "views/rows/varint.h"

namespace entente::views {
namespace {

void SetCount(std::uint16_t count, std::string* block) {
  (*block)[0] = static_cast<char>(count >> 8);
  (*block)[1] = static_cast<char>(count);
}

}  // namespace

std::string NewBlock() {
  std::string block(2, '\0');
  SetCount(1, &block);
  return block;
}

std::uint16_t BlockCount(std::string_view block) {
  if (block.size() < 2) return 0;
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(block[0]) << 8 |
                                    static_cast<std::uint8_t>(block[1]));
}

void AddToBlock(const Cursor& last, const Cursor& cursor, std::string* block) {
  assert(last < cursor);
  SetCount(static_cast<std::uint16_t>(BlockCount(*block) + 1), block);
  PutVarint(cursor.position.value() - last.position.value(), block);
  PutVarint(cursor.ordinal.value(), block);
}

std::vector<Cursor> BlockCursors(const Cursor& first, std::string_view block) {
  const std::uint16_t count = BlockCount(block);
  if (count == 0) return {};
  std::vector<Cursor> cursors;
  cursors.reserve(count);
  cursors.push_back(first);
  block.remove_prefix(2);
  while (cursors.size() < count) {
    const auto delta = GetVarint(&block);
    const auto ordinal = GetVarint(&block);
    if (!delta || !ordinal) break;
    cursors.push_back({Position(cursors.back().position.value() + *delta),
                       Ordinal(static_cast<std::uint16_t>(*ordinal))});
  }
  return cursors;
}

}  // namespace entente::views
