// Do these rows still tell of an event that was erased since they were made?
//
// The chain of the log does not change when a body is emptied, so nothing but the rows themselves
// can say. They keep, for each erased event, what they met of it:
//
//     its body, and then the order        they tell of it: to be made anew
//     its empty body, and then the order  they do not
//     its empty body                      the order has yet to come by
#pragma once

#include "log/erasure_order.h"
#include "values/position.h"
#include "views/rows/draft.h"

namespace entente::views {

// The body was empty when the event came by.
void AddEmptyBody(Position position, Draft* draft);
// So it was ordered.
void AddErasureOrder(const log::ErasureOrder& order, Draft* draft);

// An order has come by.
bool KnowOfErasures(const Snapshot& rows);
// A row of these is among the rows of the delta.
bool TouchesErasures(const RowDelta& delta);

// `rows` were made of an event whose order is in `known`; the two may be of different generations.
bool TellOfErased(const Snapshot& rows, const Snapshot& known);

}  // namespace entente::views
