#include "views/erasures/erasures.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "views/rows/key.h"

namespace entente::views {
namespace {

struct Row {
  Position ordered_at;  // Position(): no order yet
  bool empty = false;   // the body was, when it came by
};

std::string KeyOf(Position erased) { return Key(View::kErasure).U64(erased.value()).bytes(); }

Row Decode(std::string_view value) {
  KeyReader reader(value);
  Row row;
  row.ordered_at = Position(reader.U64());
  row.empty = reader.U8() != 0;
  return row;
}

Row Find(const Snapshot& rows, Position erased) {
  const auto value = rows.Get(KeyOf(erased));
  return value ? Decode(*value) : Row();
}

void Put(Position erased, const Row& row, Draft* draft) {
  std::string value = Key(View::kErasure).U64(row.ordered_at.value()).U8(row.empty ? 1 : 0).bytes();
  draft->Put(KeyOf(erased), value.substr(1));
}

// Positions whose order has come by.
std::vector<Position> Ordered(const Snapshot& rows) {
  const std::string prefix = Key(View::kErasure).bytes();
  std::vector<Position> ordered;
  for (auto at = rows.Range(prefix, EndOf(prefix)); at->Valid(); at->Next()) {
    if (Decode(at->value()).ordered_at == Position()) continue;
    ordered.emplace_back(KeyReader(at->key()).Skip(prefix.size()).U64());
  }
  return ordered;
}

}  // namespace

void AddEmptyBody(Position position, Draft* draft) { Put(position, {{}, true}, draft); }

void AddErasureOrder(const log::ErasureOrder& order, Draft* draft) {
  Put(order.position, {order.ordered_at, Find(*draft, order.position).empty}, draft);
}

bool TouchesErasures(const RowDelta& delta) {
  const std::string prefix = Key(View::kErasure).bytes();
  return std::ranges::any_of(
      delta.rows, [&](const RowChange& change) { return change.key.starts_with(prefix); });
}

bool KnowOfErasures(const Snapshot& rows) { return !Ordered(rows).empty(); }

bool TellOfErased(const Snapshot& rows, const Snapshot& known) {
  return std::ranges::any_of(Ordered(known), [&](Position erased) {
    return erased <= rows.taken().position && !Find(rows, erased).empty;
  });
}

}  // namespace entente::views
