// For each term the cursors of the changes that held it, before or after.
//
// Those that many readers leave out lie by themselves: whoever does not want them reads none of
// them, however many there are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "values/position.h"
#include "views/postings/term.h"
#include "views/rows/draft.h"

namespace entente::views {

// What there is at a cursor for those who watch its term. Values are on disk.
enum class PostingSort : std::uint8_t {
  kNews = 0,
  kConfirmation = 1,
  kBackfill = 2,
  kBackfilledConfirmation = 3,
};

// The projection version from which on postings lie by their sort. Rows of one before are still
// served until this program has made its own.
inline constexpr std::uint32_t kSortedSince = 4;

// The list of one term and sort: what its rows' keys begin with.
using PostingList = std::string;
// Of a term as in TermText.
PostingList PostingListOf(std::string_view term, PostingSort sort);

// The last block of each term and sort that is posted to, kept from one batch to the next.
class OpenPostings {
 public:
  // Adds a cursor above all that the list has. `views` as they stood when the blocks were last
  // flushed.
  void Post(const PostingList& list, const Cursor& cursor, const Snapshot& views);
  // Writes the blocks that changed.
  void Flush(Draft* draft);

 private:
  struct Block {
    Cursor first;
    Cursor last;
    std::string bytes;  // empty: the next cursor begins a block
    bool changed = false;
  };
  using Blocks = std::unordered_map<PostingList, Block>;
  Blocks::value_type& Of(const PostingList& list, const Snapshot& views);

  Blocks blocks_;
  std::vector<Blocks::value_type*> changed_;
  std::vector<std::pair<std::string, std::string>> filled_;  // rows to write
};

// Walks the cursors of one term and sort upwards, reading a block at a time.
class PostingWalk {
 public:
  // Begins at the first cursor above `after`.
  PostingWalk(const Snapshot& snapshot, const Term& term, PostingSort sort, const Cursor& after);
  bool Valid() const { return at_ < cursors_.size(); }
  const Cursor& cursor() const { return cursors_[at_]; }
  void Next();
  // To the first cursor at or above `target`.
  void SkipTo(const Cursor& target);
  std::uint64_t rows_examined() const { return rows_; }

 private:
  // The block that a cursor lies in, or would, and what follows it.
  void Load(const Cursor& at_or_below);
  void ReadBlock();
  void Take(const Snapshot::Scan& block);

  const Snapshot& snapshot_;
  std::string prefix_;
  std::string behind_;                      // where the blocks that were not read begin
  std::unique_ptr<Snapshot::Scan> blocks_;  // these; nullptr as long as nobody asked for one
  std::vector<Cursor> cursors_;
  std::size_t at_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace entente::views
