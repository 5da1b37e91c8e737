// Which projection makes the rows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "views/projection.h"

namespace entente::views {

// A projection with its version. Programs have one, BuiltIn(); tests bring that of a version to
// come, to see one take over from the other.
struct ProjectionRules {
  std::uint32_t version = 0;
  // For one store.
  std::function<std::unique_ptr<Projecting>()> begin;

  // Projector, over the parties and words this program was built with.
  static const ProjectionRules& BuiltIn();
};

}  // namespace entente::views
