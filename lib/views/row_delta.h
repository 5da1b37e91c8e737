// Rows that change together: what projecting a batch makes, and what a store writes whole.
//
// The same as a ViewDelta, which is how it travels between processes, but its keys and values lie
// packed in memory of its own: a batch has some ten rows an event, and making a message of each
// costs more than folding the event.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/view.pb.h"
#include "log/chain_point.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::views {

struct RowChange {
  std::string_view key;
  std::optional<std::string_view> value;  // nullopt: there is no such row any more

  friend bool operator==(const RowChange&, const RowChange&) = default;
};

struct RowDelta {
  std::string generation;
  Position from;                      // fits rows that stand here or behind it, up to `to`
  log::ChainPoint to;                 // where they stand with it
  std::vector<RowChange> rows;        // in key order, each key once
  std::shared_ptr<const void> bytes;  // what keys and values point into, where that is its own
};

v1::ViewDelta MessageOf(const RowDelta& delta);
// Points into the message, which must outlive it. LOG_DIVERGED if the message names no chain hash.
Result<RowDelta> DeltaIn(const v1::ViewDelta& message);

}  // namespace entente::views
