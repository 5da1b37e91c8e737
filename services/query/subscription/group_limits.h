// What a durable subscription may be, and what it is where nothing is said.
#pragma once

#include <cstdint>

#include "entente/v1/subscription.pb.h"
#include "services/query/subscription/subscription.h"
#include "values/error.h"

namespace entente::query {

inline constexpr std::uint32_t kInFlightDefault = 1'000;
inline constexpr std::uint32_t kInFlightMax = 10'000;
inline constexpr std::uint32_t kDeliveriesDefault = 5;
inline constexpr std::uint32_t kDeliveriesMax = 1'000;
inline constexpr std::uint32_t kRetryFirstDefaultMs = 1'000;
inline constexpr std::uint32_t kRetryLongestDefaultMs = 300'000;
inline constexpr std::uint32_t kRetryLongestMaxMs = 86'400'000;
inline constexpr std::size_t kWhyBytesMax = 200;
inline constexpr std::size_t kConsumerBytesMax = 80;

// Fills in the limits that are 0. FIELD_REQUIRED, FIELD_INVALID.
Status CompleteGroup(v1::Group* group);

// How long a change waits after so many failures, the first being 1.
Tick BackOff(const v1::Group& group, std::uint32_t failures);
// When it is due. The tick that is now may be as good as over, so that as many ticks are a wait of
// up to one less.
inline Tick DueAfter(Tick now, const v1::Group& group, std::uint32_t failures) {
  return now + BackOff(group, failures) + Tick(1);
}

}  // namespace entente::query
