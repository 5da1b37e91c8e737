#include "domain/event/upcast.h"

#include <fmt/format.h>

#include <string>

namespace entente::domain {

const Upcasters& Upcasters::BuiltIn() {
  // All payloads are still in the first version they were given.
  static const Upcasters none{Steps()};
  return none;
}

std::uint32_t Upcasters::CurrentVersion(std::uint32_t payload_field) const {
  std::uint32_t version = 1;
  while (steps_.contains({payload_field, version})) ++version;
  return version;
}

Result<bool> Upcasters::BringUp(std::uint32_t payload_field, std::uint32_t version,
                                v1::NewEvent* event) const {
  const std::uint32_t current = CurrentVersion(payload_field);
  if (version == 0 || version > current) {
    return Fail(Reason::kUnsupported, "payload_version", std::to_string(version),
                fmt::format("this program reads payloads of field {} up to version {}",
                            payload_field, current));
  }
  for (std::uint32_t at = version; at < current; ++at) {
    if (Status raised = steps_.at({payload_field, at})(event); !raised) {
      return Fail(std::move(raised).error());
    }
  }
  return version < current;
}

}  // namespace entente::domain
