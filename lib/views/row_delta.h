// Rows that change together: what projecting a batch makes, and what a store writes whole.
//
// The same as a ViewDelta, which is how it travels between processes, but its keys and values lie
// packed in memory of its own: a batch has some ten rows an event, and making a message of each
// costs more than folding the event.
#pragma once

#include <cstdint>
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

// What the rows of a store are, as far as the log was taken in. A generation that nobody reads yet
// is gathered first and folded at the end, so that what follows from all reports of a meeting is
// written once, however many there are.
enum class Stage : std::uint8_t {
  kWhole,      // all there are
  kGathering,  // those that follow from reports one by one, and the feed; no meeting's state
  kFolding,    // those, and some of the rest: the log is not taken in further before all are there
};

struct RowDelta {
  std::string generation;
  Position from;                      // fits rows that stand here or behind it, up to `to`
  log::ChainPoint to;                 // where they stand with it
  Stage stage = Stage::kWhole;        // what they are with it; others never leave the process
  std::vector<RowChange> rows;        // in key order, each key once
  std::shared_ptr<const void> bytes;  // what keys and values point into, where that is its own
};

v1::ViewDelta MessageOf(const RowDelta& delta);
// Points into the message, which must outlive it. LOG_DIVERGED if the message names no chain hash.
Result<RowDelta> DeltaIn(const v1::ViewDelta& message);

}  // namespace entente::views
