#include "views/postings/postings.h"

#include <algorithm>

#include "views/postings/block.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

// More blocks than this are not kept from one batch to the next.
constexpr std::size_t kBlocksKept = 1 << 16;

// In one piece of memory: each change is in some fifteen lists.
PostingList ListOf(TermKind kind, std::string_view name, PostingSort sort) {
  PostingList list;
  list.reserve(name.size() + 4);
  list.push_back(static_cast<char>(View::kPosting));
  list.push_back(static_cast<char>(kind));
  list += name;
  list.push_back('\0');
  list.push_back(static_cast<char>(sort));
  return list;
}

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

PostingList PostingListOf(std::string_view term, PostingSort sort) {
  const auto [kind, name] = SplitTerm(term);
  return ListOf(kind, name, sort);
}

OpenPostings::Blocks::value_type& OpenPostings::Of(const PostingList& list, const Snapshot& views) {
  const auto [entry, is_new] = blocks_.try_emplace(list);
  if (!is_new) return *entry;
  Block& block = entry->second;
  const auto last = views.RangeBackwards(entry->first, EndOf(entry->first));
  if (last->Valid() && BlockCount(last->value()) < kBlockCursors) {
    block.first = FirstOf(last->key(), entry->first.size());
    block.bytes = last->value();
    block.last = BlockCursors(block.first, block.bytes).back();
  }
  return *entry;
}

void OpenPostings::Post(const PostingList& list, const Cursor& cursor, const Snapshot& views) {
  auto& entry = Of(list, views);
  Block& block = entry.second;
  if (block.bytes.empty()) {
    block.first = cursor;
    block.bytes = NewBlock();
  } else {
    AddToBlock(block.last, cursor, &block.bytes);
  }
  block.last = cursor;
  if (BlockCount(block.bytes) == kBlockCursors) {
    filled_.emplace_back(BlockKey(entry.first, block.first), std::move(block.bytes));
    block.bytes.clear();
  } else if (!std::exchange(block.changed, true)) {
    changed_.push_back(&entry);
  }
}

void OpenPostings::Flush(Draft* draft) {
  for (auto& [key, bytes] : filled_) draft->Put(std::move(key), std::move(bytes));
  filled_.clear();
  for (auto* const entry : changed_) {
    Block& block = entry->second;
    block.changed = false;
    if (block.bytes.empty()) continue;  // filled since
    draft->Put(BlockKey(entry->first, block.first), block.bytes);
  }
  changed_.clear();
  if (blocks_.size() > kBlocksKept) blocks_.clear();
}

PostingWalk::PostingWalk(const Snapshot& snapshot, const Term& term, PostingSort sort,
                         const Cursor& after)
    : snapshot_(snapshot), prefix_(ListOf(term.kind, term.name, sort)) {
  Load(after);
  at_ = static_cast<std::size_t>(std::upper_bound(cursors_.begin(), cursors_.end(), after) -
                                 cursors_.begin());
  if (!Valid()) ReadBlock();
}

void PostingWalk::Load(const Cursor& at_or_below) {
  behind_ = BlockKey(prefix_, at_or_below) + '\0';
  blocks_.reset();
  cursors_.clear();
  const auto below = snapshot_.RangeBackwards(prefix_, behind_);
  if (below->Valid()) Take(*below);
}

void PostingWalk::ReadBlock() {
  cursors_.clear();
  at_ = 0;
  if (!blocks_) blocks_ = snapshot_.Range(behind_, EndOf(prefix_));
  if (!blocks_->Valid()) return;
  Take(*blocks_);
  blocks_->Next();
}

void PostingWalk::Take(const Snapshot::Scan& block) {
  cursors_ = BlockCursors(FirstOf(block.key(), prefix_.size()), block.value());
  ++rows_;
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

}  // namespace entente::views
