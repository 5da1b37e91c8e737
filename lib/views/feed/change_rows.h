// The rows of the change feed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/view.pb.h"
#include "values/position.h"
#include "views/postings/postings.h"
#include "views/rows/draft.h"

namespace entente::views {

// Whether all it says was said before: nothing for those who want news.
bool OnlyConfirms(const v1::Change& change);

// A change as it is stored.
struct ChangeRow {
  std::string value;
  // Those of every term it held before or after.
  std::vector<PostingList> lists;
};
ChangeRow RowOf(v1::Change change);
// Stores a change and posts it. Changes come in feed order. `views` as they stood when the postings
// were last flushed.
void AddChange(const Cursor& cursor, const ChangeRow& row, const Snapshot& views,
               OpenPostings* postings, Draft* draft);

std::optional<v1::Change> FindChange(const Snapshot& snapshot, const Cursor& cursor);
// All of one position, in their order.
std::vector<v1::Change> ChangesAt(const Snapshot& snapshot, Position position);
// All changes from the first above `after` on.
std::unique_ptr<Snapshot::Scan> ChangesAfter(const Snapshot& snapshot, const Cursor& after);
v1::Change DecodeChange(std::string_view key, std::string_view value);

Cursor CursorOf(const v1::Change& change);
// Behind every change of a position.
Cursor EndOfPosition(Position position);

}  // namespace entente::views
