// Projections that no program of ours has, to see what the services make of them.
#pragma once

#include "views/projection_rules.h"

namespace entente::spine {

// Of the next version: every change of the feed holds one term more.
views::ProjectionRules NextVersion();

// Of this version, but that events whose id contains "poison" are parked.
views::ProjectionRules WithPoison();

}  // namespace entente::spine
