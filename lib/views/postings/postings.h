// For each term the cursors of the changes that held it, before or after.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "values/position.h"
#include "views/postings/term.h"
#include "views/rows/draft.h"

namespace entente::views {

// The last block of each term that is posted to, kept from one batch to the next.
class OpenPostings {
 public:
  // Adds a cursor above all that the term has. `views` as they stood when the blocks were last
  // flushed.
  void Post(const Term& term, const Cursor& cursor, const Snapshot& views);
  // Writes the blocks that changed.
  void Flush(Draft* draft);

 private:
  struct Block {
    Cursor first;
    Cursor last;
    std::string bytes;  // empty: the next cursor begins a block
    bool changed = false;
  };
  using Blocks = std::unordered_map<std::string, Block>;  // by the prefix of the term's rows
  Blocks::value_type& Of(std::string prefix, const Snapshot& views);

  Blocks blocks_;
  std::vector<Blocks::value_type*> changed_;
  std::vector<std::pair<std::string, std::string>> filled_;  // rows to write
};

// Walks the cursors of one term upwards, reading a block at a time.
class PostingWalk {
 public:
  // Begins at the first cursor above `after`.
  PostingWalk(const Snapshot& snapshot, const Term& term, const Cursor& after);
  bool Valid() const { return at_ < cursors_.size(); }
  const Cursor& cursor() const { return cursors_[at_]; }
  void Next();
  // To the first cursor at or above `target`.
  void SkipTo(const Cursor& target);
  std::uint64_t rows_examined() const { return rows_; }

 private:
  void Load(const Cursor& at_or_below);
  void ReadBlock();

  const Snapshot& snapshot_;
  std::string prefix_;
  std::unique_ptr<Snapshot::Scan> blocks_;
  std::vector<Cursor> cursors_;
  std::size_t at_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace entente::views
