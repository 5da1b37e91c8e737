// A block of postings: cursors of the change feed in rising order, delta-coded.
//
//     [count u16 BE] then, for each cursor but the first (which is in the key):
//         [position delta varint][ordinal varint]
//
// A block is full at kBlockCursors, whatever wrote it, so that live and rebuilt bytes agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/position.h"

namespace entente::views {

inline constexpr std::uint16_t kBlockCursors = 128;

std::string NewBlock();
std::uint16_t BlockCount(std::string_view block);
// Adds a cursor above `last`, the block's last one.
void AddToBlock(const Cursor& last, const Cursor& cursor, std::string* block);
// All cursors, given the first; as many as can be read of a torn block.
std::vector<Cursor> BlockCursors(const Cursor& first, std::string_view block);

}  // namespace entente::views
