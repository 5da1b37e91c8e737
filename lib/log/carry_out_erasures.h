// What opening a log does with orders to erase: a log that is open has carried out all of them.
//
//     order (durable) -> its commit in `erasing` -> body emptied (synced) -> old bytes removed
//                                                                         -> `erasing` removed
//
// Killed between any two, the next opening goes on from there. A body is never emptied before its
// order is durable.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "log/erasure_order.h"
#include "log/recovery.h"

namespace entente::log {

// Empties the bodies that orders name and that are not empty yet; then, and where an earlier
// opening did not get to it, removes from the disk what the commits were before: in RocksDB's
// files and WALs, and in what was put aside (`damaged`, `loading`). STORE_DAMAGED, STORE_IO.
Status CarryOutErasures(const LogFiles& files, std::span<const ErasureOrder> orders,
                        RocksStore& store, std::vector<std::string>& notes);

}  // namespace entente::log
