// How a world of a simulation reads and shows what a subscriber is told.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>

#include "entente/v1/subscription.pb.h"
#include "services/query/subscription/cursor.h"

namespace entente::query {

inline std::string In(const Cursor& cursor) {
  return fmt::format("({},{})", cursor.position.value(), cursor.ordinal.value());
}

inline std::optional<std::uint64_t> RowsToldIn(const v1::SubscriptionMessage& message) {
  if (message.has_caught_up()) return message.caught_up().rows_examined();
  if (message.has_checkpoint()) return message.checkpoint().rows_examined();
  return std::nullopt;
}

// "3 caught_up, covered to (7,65535)"
inline std::string Show(const v1::SubscriptionMessage& message) {
  const auto* kind =
      message.GetDescriptor()->FindFieldByNumber(static_cast<int>(message.message_case()));
  return fmt::format("{} {}, covered to {}", message.number(), kind->name(),
                     In(FromWire(message.covered_to())));
}

}  // namespace entente::query
