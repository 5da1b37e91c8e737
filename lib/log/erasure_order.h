// The order to empty an event's body: itself an event, in a stream that only the log writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "entente/v1/log.pb.h"
#include "log/commit.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::log {

inline constexpr std::string_view kErasuresStream = "admin/erasures";

struct ErasureOrder {
  Position position;      // of the event whose body is to be empty
  std::string event_id;   // of that event
  std::string authority;  // who ordered it; may be empty
  std::string why;
  Position ordered_at;  // of the order; Position() as long as it is not in the log
  RecordedTime recorded;
};

// nullopt: the event is no order.
std::optional<ErasureOrder> OrderIn(const EventView& event);

// The event that an order becomes, as a batch of its own; `now` is when it is given.
v1::AppendRequest ToAppend(const ErasureOrder& order, RecordedTime now);

}  // namespace entente::log
