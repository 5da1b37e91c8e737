// Which projection makes the rows.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "log/commit.h"
#include "values/error.h"
#include "views/projection.h"
#include "views/view_store.h"

namespace entente::views {

// Projects batch after batch into one store, as Projector does. One thread at a time.
using Projecting =
    std::function<Result<Projected>(const Snapshot& before, std::span<const log::CommitView>)>;

// A projection with its version. Programs have one, BuiltIn(); tests bring that of a version to
// come, to see one take over from the other.
struct ProjectionRules {
  std::uint32_t version = 0;
  // For one store.
  std::function<Projecting()> begin;

  // Projector, over the parties and words this program was built with.
  static const ProjectionRules& BuiltIn();
};

}  // namespace entente::views
