// Places in the change feed, in memory and on the wire.
#pragma once

#include "entente/v1/subscription.pb.h"
#include "values/position.h"

namespace entente::query {

// Behind every change of a position: the views hold all of a position's changes or none.
inline Cursor EndOf(Position position) { return {position, Ordinal::Max()}; }

inline Cursor CursorOf(const v1::Change& change) {
  return {Position(change.position()), Ordinal(static_cast<std::uint16_t>(change.ordinal()))};
}

// Ordinals above what an ordinal holds are read as "behind every change of the position".
inline Cursor FromWire(const v1::Cursor& cursor) {
  const std::uint32_t ordinal = cursor.ordinal();
  const bool end = ordinal > Ordinal::Max().value();
  return {Position(cursor.position()),
          end ? Ordinal::Max() : Ordinal(static_cast<std::uint16_t>(ordinal))};
}

inline void ToWire(const Cursor& cursor, v1::Cursor* wire) {
  wire->set_position(cursor.position.value());
  wire->set_ordinal(cursor.ordinal.value());
}

}  // namespace entente::query
