// Payloads of earlier versions, brought to the one this program reads.
//
// The envelope of a stored event (docs/format.md) names the kind of its payload, by field number,
// and the version of that kind that it was written in. Stored bytes are never rewritten. A change
// of meaning that protobuf's own rules do not cover (a field that is read otherwise, a default that
// is another) is a new version of that kind: one step is added here, which turns a payload of the
// version before into one of the new, and every reader of the log goes through it. docs/format.md
// lists them; tests/golden holds a log of each.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "entente/v1/event.pb.h"
#include "values/error.h"

namespace entente::domain {

// Immutable, so any thread may use one.
class Upcasters {
 public:
  // From the version that it is listed under to the next.
  using Step = std::function<Status(v1::NewEvent*)>;
  // (number of the payload's field, version) -> step. Those of one payload begin with version 1 and
  // leave out none.
  using Steps = std::map<std::pair<std::uint32_t, std::uint32_t>, Step>;

  explicit Upcasters(Steps steps) : steps_(std::move(steps)) {}
  static const Upcasters& BuiltIn();

  // What this program writes and folds.
  std::uint32_t CurrentVersion(std::uint32_t payload_field) const;

  // Takes a payload through all steps from `version` on; true if there was any. UNSUPPORTED for a
  // version that is none, or that only a later program reads; else what a step found wrong.
  Result<bool> BringUp(std::uint32_t payload_field, std::uint32_t version,
                       v1::NewEvent* event) const;

 private:
  const Steps steps_;
};

}  // namespace entente::domain
