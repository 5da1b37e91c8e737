// How long a reader is kept that gives no sign of life.
#pragma once

#include <chrono>
#include <cstdint>

#include "entente/v1/subscription.pb.h"
#include "services/query/subscription/subscription.h"

namespace entente::query {

inline constexpr std::uint32_t kLeaseDefaultS = 30;
inline constexpr std::uint32_t kLeaseMaxS = 3'600;  // more is refused

inline Tick LeaseOf(const v1::SubscribeRequest& request) {
  return std::chrono::seconds(request.lease_s() == 0 ? kLeaseDefaultS : request.lease_s());
}

}  // namespace entente::query
