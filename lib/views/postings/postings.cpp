#include "views/postings/postings.h"

#include <algorithm>

#include "views/postings/block.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string Prefix(const Term& term) { return Key(View::kPosting).Fixed(TermPart(term)).bytes(); }

std::string BlockKey(std::string_view prefix, const Cursor& first) {
  Key cursor(View::kPosting);
  cursor.U64(first.position.value()).U16(first.ordinal.value());
  return std::string(prefix) + cursor.bytes().substr(1);
}

Cursor FirstOf(std::string_view key, std::size_t prefix_size) {
  KeyReader reader(key);
  reader.Skip(prefix_size);
  Cursor first;
  first.position = Position(reader.U64());
  first.ordinal = Ordinal(reader.U16());
  return first;
}

}  // namespace

void Post(const Term& term, const Cursor& cursor, Draft* draft) {
  const std::string prefix = Prefix(term);
  std::string key;
  std::string block;
  Cursor first;
  {
    const auto last = draft->RangeBackwards(prefix, EndOf(prefix));
    if (last->Valid() && BlockCount(last->value()) < kBlockCursors) {
      key = last->key();
      block = last->value();
      first = FirstOf(key, prefix.size());
    }
  }
  if (block.empty()) {
    draft->Put(BlockKey(prefix, cursor), NewBlock());
    return;
  }
  AddToBlock(BlockCursors(first, block).back(), cursor, &block);
  draft->Put(std::move(key), std::move(block));
}

PostingWalk::PostingWalk(const Snapshot& snapshot, const Term& term, const Cursor& after)
    : snapshot_(snapshot), prefix_(Prefix(term)) {
  Load(after);
  at_ = static_cast<std::size_t>(std::upper_bound(cursors_.begin(), cursors_.end(), after) -
                                 cursors_.begin());
  if (!Valid()) ReadBlock();
}

void PostingWalk::Load(const Cursor& at_or_below) {
  const std::string end = BlockKey(prefix_, at_or_below) + '\0';
  std::string from = prefix_;
  if (const auto below = snapshot_.RangeBackwards(prefix_, end); below->Valid()) {
    from = below->key();
    ++rows_;
  }
  blocks_ = snapshot_.Range(from, EndOf(prefix_));
  ReadBlock();
}

void PostingWalk::ReadBlock() {
  cursors_.clear();
  at_ = 0;
  if (!blocks_->Valid()) return;
  cursors_ = BlockCursors(FirstOf(blocks_->key(), prefix_.size()), blocks_->value());
  ++rows_;
  blocks_->Next();
}

void PostingWalk::Next() {
  if (++at_ >= cursors_.size()) ReadBlock();
}

void PostingWalk::SkipTo(const Cursor& target) {
  if (!Valid() || !(cursor() < target)) return;
  if (cursors_.back() < target) Load(target);
  at_ = static_cast<std::size_t>(std::lower_bound(cursors_.begin(), cursors_.end(), target) -
                                 cursors_.begin());
  if (!Valid()) ReadBlock();
}

std::uint64_t CountUpTo(const Snapshot& snapshot, const Term& term, Position position) {
  const std::string prefix = Prefix(term);
  const std::string end =
      position == Position::Max() ? EndOf(prefix) : BlockKey(prefix, {position.Next(), Ordinal()});
  std::uint64_t count = 0;
  const auto blocks = snapshot.RangeBackwards(prefix, end);
  if (blocks->Valid()) {
    // Only the last block can reach beyond the position.
    const auto cursors = BlockCursors(FirstOf(blocks->key(), prefix.size()), blocks->value());
    count += static_cast<std::uint64_t>(
        std::count_if(cursors.begin(), cursors.end(),
                      [&](const Cursor& cursor) { return cursor.position <= position; }));
    for (blocks->Next(); blocks->Valid(); blocks->Next()) count += BlockCount(blocks->value());
  }
  return count;
}

}  // namespace entente::views
