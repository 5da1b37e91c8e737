#include "services/query/subscription/group_limits.h"

#include <algorithm>
#include <string>

namespace entente::query {
namespace {

constexpr std::size_t kNameBytesMax = 80;

bool IsName(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kNameBytesMax && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || c == '-'; });
}

Status Complete(const char* field, std::uint32_t given, std::uint32_t otherwise, std::uint32_t most,
                v1::Group* group, void (v1::Group::*set)(std::uint32_t)) {
  if (given > most) {
    return Fail(Reason::kFieldInvalid, field, std::to_string(given),
                "at most " + std::to_string(most));
  }
  (group->*set)(given == 0 ? otherwise : given);
  return {};
}

}  // namespace

Status CompleteGroup(v1::Group* group) {
  if (group->name().empty()) return Fail(Reason::kFieldRequired, "name", "", "");
  if (!IsName(group->name())) {
    return Fail(Reason::kFieldInvalid, "name", group->name(),
                "small letters, digits and hyphens, not a hyphen first, at most 80");
  }
  group->mutable_filter();  // left out is the same as empty
  const bool first_given = group->retry_first_ms() != 0;
  if (auto fits = Complete("max_in_flight", group->max_in_flight(), kInFlightDefault, kInFlightMax,
                           group, &v1::Group::set_max_in_flight);
      !fits) {
    return fits;
  }
  if (auto fits = Complete("max_deliveries", group->max_deliveries(), kDeliveriesDefault,
                           kDeliveriesMax, group, &v1::Group::set_max_deliveries);
      !fits) {
    return fits;
  }
  if (auto fits = Complete("retry_longest_ms", group->retry_longest_ms(),
                           std::max(kRetryLongestDefaultMs, group->retry_first_ms()),
                           kRetryLongestMaxMs, group, &v1::Group::set_retry_longest_ms);
      !fits) {
    return fits;
  }
  if (!first_given) {
    group->set_retry_first_ms(std::min(kRetryFirstDefaultMs, group->retry_longest_ms()));
  }
  if (group->retry_first_ms() > group->retry_longest_ms()) {
    return Fail(Reason::kFieldInvalid, "retry_first_ms", std::to_string(group->retry_first_ms()),
                "more than retry_longest_ms");
  }
  return {};
}

Tick BackOff(const v1::Group& group, std::uint32_t failures) {
  std::uint64_t wait_ms = group.retry_first_ms();
  for (std::uint32_t n = 1; n < failures && wait_ms < group.retry_longest_ms(); ++n) wait_ms *= 2;
  return Tick(std::min<std::uint64_t>(wait_ms, group.retry_longest_ms()));
}

}  // namespace entente::query
