// Names a subscription among all those of a query.
#pragma once

#include <compare>
#include <cstdint>

#include "bus/router.h"

namespace entente::query {

// The connection, and the correlation id of its subscribe request.
struct SubscriptionKey {
  bus::Caller caller;
  std::uint64_t correlation = 0;
  friend auto operator<=>(const SubscriptionKey&, const SubscriptionKey&) = default;
};

}  // namespace entente::query
