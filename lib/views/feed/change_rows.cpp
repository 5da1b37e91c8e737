#include "views/feed/change_rows.h"

#include <algorithm>
#include <string_view>

#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string ChangeKey(const Cursor& cursor) {
  return Key(View::kChange).U64(cursor.position.value()).U16(cursor.ordinal.value()).bytes();
}

PostingSort SortOf(const v1::Change& change) {
  if (OnlyConfirms(change)) {
    return change.backfill() ? PostingSort::kBackfilledConfirmation : PostingSort::kConfirmation;
  }
  return change.backfill() ? PostingSort::kBackfill : PostingSort::kNews;
}

}  // namespace

bool OnlyConfirms(const v1::Change& change) {
  return change.reasons_size() == 1 && change.reasons(0) == v1::ChangeType::confirmed;
}

ChangeRow RowOf(v1::Change change) {
  change.clear_position();
  change.clear_ordinal();
  ChangeRow row;
  row.value = change.SerializeAsString();
  std::vector<std::string_view> terms(change.terms_before().begin(), change.terms_before().end());
  terms.insert(terms.end(), change.terms_after().begin(), change.terms_after().end());
  std::ranges::sort(terms);
  const auto [twice, end] = std::ranges::unique(terms);
  terms.erase(twice, end);
  const PostingSort sort = SortOf(change);
  row.lists.reserve(terms.size());
  for (const std::string_view term : terms) row.lists.push_back(PostingListOf(term, sort));
  return row;
}

void AddChange(const Cursor& cursor, const ChangeRow& row, const Snapshot& views,
               OpenPostings* postings, Draft* draft) {
  draft->Put(ChangeKey(cursor), row.value);
  for (const PostingList& list : row.lists) postings->Post(list, cursor, views);
}

std::optional<v1::Change> FindChange(const Snapshot& snapshot, const Cursor& cursor) {
  const std::string key = ChangeKey(cursor);
  const auto row = snapshot.Get(key);
  if (!row) return std::nullopt;
  return DecodeChange(key, *row);
}

std::vector<v1::Change> ChangesAt(const Snapshot& snapshot, Position position) {
  std::vector<v1::Change> changes;
  // Ordinals have no gaps.
  Cursor cursor{position, Ordinal()};
  for (auto change = FindChange(snapshot, cursor); change; change = FindChange(snapshot, cursor)) {
    changes.push_back(*std::move(change));
    if (cursor.ordinal == Ordinal::Max()) break;
    cursor.ordinal = Ordinal(static_cast<std::uint16_t>(cursor.ordinal.value() + 1));
  }
  return changes;
}

std::unique_ptr<Snapshot::Scan> ChangesAfter(const Snapshot& snapshot, const Cursor& after) {
  return snapshot.Range(ChangeKey(after) + '\0', EndOf(Key(View::kChange).bytes()));
}

v1::Change DecodeChange(std::string_view key, std::string_view value) {
  v1::Change change;
  change.ParseFromArray(value.data(), static_cast<int>(value.size()));
  KeyReader reader(key);
  reader.Skip(1);
  change.set_position(reader.U64());
  change.set_ordinal(reader.U16());
  return change;
}

Cursor CursorOf(const v1::Change& change) {
  return {Position(change.position()), Ordinal(static_cast<std::uint16_t>(change.ordinal()))};
}

Cursor EndOfPosition(Position position) { return {position, Ordinal::Max()}; }

}  // namespace entente::views
